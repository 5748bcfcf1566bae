import ChargeController
import Fleet
import OpenPAYGO

/// A unit that is made up from a seed, its credentials too.
struct MadeUnit: Sendable {
    let id: PaygID
    let parameters: UnitParameters

    /// Every seventh counts in hours, and every eleventh has the digits 1 to 4
    /// only, as in a fleet that was bought over some years.
    init(number: Int, seed: UInt64) throws {
        // Another part of the seed than what its customer does.
        var random = SeededRandom(seed: seed, part: -1 - number)
        var key: [UInt8] = []
        for _ in 0..<2 {
            let word = random.next()
            for shift in stride(from: UInt64(0), to: 64, by: 8) { key.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        id = try PaygID("SIM-\(100_000 + number)")
        parameters = UnitParameters(
            key: try SecretKey(bytes: key),
            startingCode: try StartingCode(random.number(in: 100_000_000...999_999_999)),
            timeDivider: try TimeDivider(number % 7 == 6 ? 24 : 1), digitSet: number % 11 == 10 ? .restricted : .full)
    }

    /// The headers of ``row``.
    static let headers = "Serial Number,Starting Code,Key,Count,Time Divider,Restricted Digit Mode\n"

    /// Its row in a dispatch list.
    var row: String {
        let restricted = parameters.digitSet == .restricted ? 1 : 0
        return "\(id),\(parameters.startingCode.digits),\(parameters.key.hex),\(parameters.dispatchedCount),"
            + "\(parameters.timeDivider.number),\(restricted)\n"
    }
}
