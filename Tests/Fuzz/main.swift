// Changes lists of the corpus at random and reads them. Whatever comes of it is
// right but a crash, a hang, or a credential that is not what its cell says.
//   fuzz CORPUS INPUTS SEED [FIRST]
// The same seed makes the same inputs; FIRST is the one to begin with.

import CredentialFiles
import Fleet
import Foundation
import OpenPAYGO
import Synchronization

/// SplitMix64: small, and the same everywhere.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(next() % UInt64(elements.count))] }

    mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(next() % UInt64(limit)) : 0 }
}

/// What lists are made of, and what breaks them.
let pieces: [[UInt8]] =
    [
        ",", ";", "\t", "\"", "\"\"", "\n", "\r", "\r\n", "\n\n", " ", "0x", "=", "=\"1\"", "#####", "#REF!", "3.2E+31",
        "1-Mar", "516,959,010", "516959010.0", "-1", "0", "00", "999999999", "1000000000", "256", "yes", "TRUE",
        "Total,3\n", "TOTAL: 2", "End of list\n", "sep=;\n", "PAYG ID", "Key", "Secret Key", "Count", "Starting Code",
        "a29ab82edc5fbbc41ec9530f6dac86b1", "12345678901234500000000000000000", "\u{A0}", "\u{FEFF}", "é", "Clé", "№",
        "١٢٣", "𝟙", "\u{202E}", "\u{200B}", "From: a\nSubject: b\n", "%PDF-1.7", "<html>", "{", "PK\u{3}\u{4}",
        "age-encryption.org/v1\n",
    ].map { Array($0.utf8) } + [
        [0], [0, 0], [0xFF], [0xFF, 0xFE], [0xFE, 0xFF], [0x81], [0xE9], [0xC3], [0xEF, 0xBB, 0xBF],
    ]

func changed(_ original: [UInt8], _ corpus: [[UInt8]], _ generator: inout Generator) -> [UInt8] {
    var bytes = original
    for _ in 0..<(1 + generator.below(6)) {
        let place = generator.below(bytes.count + 1)
        let end = min(bytes.count, place + 1 + generator.below(40))
        switch generator.below(9) {
        case 0 where !bytes.isEmpty: bytes[generator.below(bytes.count)] ^= UInt8(1 << generator.below(8))
        case 1 where !bytes.isEmpty: bytes[generator.below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
        case 2: bytes.insert(contentsOf: generator.pick(pieces), at: place)
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: generator.below(bytes.count + 1))
        case 5:
            let other = generator.pick(corpus)
            bytes = Array(bytes[..<place]) + other[generator.below(other.count + 1)...]
        case 6: bytes.removeSubrange(place...)
        case 7:
            // A long run of one thing, as damaged disks and stuck keys make it.
            let piece = generator.pick(pieces)
            let times = generator.below(8) == 0 ? 20_000 : 40
            bytes.insert(contentsOf: repeatElement(piece, count: generator.below(times)).joined(), at: place)
        default:
            // Digits of a credential changed for one another.
            for index in bytes[place..<end].indices where (48...57).contains(bytes[index]) {
                bytes[index] = 48 + UInt8(generator.below(10))
            }
        }
    }
    return bytes
}

/// What is wrong with a unit that was taken, seen beside the cells of its row;
/// nil for nothing. Knows less than the reader, and only what a cell may be.
func lie(_ unit: ListedUnit, _ cells: [String]) -> String? {
    let decoration = Set(" -:\"'“”‘’«»`\u{A0}\t\r\n".unicodeScalars)
    func bare(_ cell: String) -> String {
        let kept = cell.unicodeScalars.filter {
            !decoration.contains($0) && !$0.properties.isWhitespace && $0 != "\u{200B}" && $0 != "\u{FEFF}"
        }
        let text = String(String.UnicodeScalarView(kept)).lowercased()
        return text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
    }
    let plain = cells.map(bare)
    guard plain.contains(unit.credentials.key.hex) else { return "its key is in no cell" }
    if unit.isStartingCodeDerived {
        guard unit.credentials.startingCode == StartingCode(derivedFrom: unit.credentials.key) else {
            return "its starting code is not the derived one"
        }
    } else {
        let digits = unit.credentials.startingCode.digits
        let isThere = plain.contains { cell in
            !cell.isEmpty && cell.count <= 9 && String(repeating: "0", count: 9 - cell.count) + cell == digits
        }
        guard isThere else { return "its starting code is in no cell" }
    }
    guard cells.contains(where: { $0.contains(unit.id.text) }) else { return "its PAYG ID is in no cell" }
    if let count = unit.count, !plain.contains(where: { Int($0) == Int(count.number) }) {
        return "its count is in no cell"
    }
    return nil
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let inputs = Int(arguments[2]), let seed = UInt64(arguments[3]) else {
    print("fuzz CORPUS INPUTS SEED [FIRST]")
    exit(64)
}
let first = arguments.count > 4 ? Int(arguments[4]) ?? 0 : 0
let names = try FileManager.default.contentsOfDirectory(atPath: arguments[1]).filter { !$0.hasSuffix(".json") }.sorted()
let corpus = try names.map { [UInt8](try Data(contentsOf: URL(filePath: arguments[1] + "/" + $0))) }

/// The input being read, and since when, for whoever watches over hangs.
let current = Mutex((input: first, since: ContinuousClock.now))
Thread.detachNewThread {
    while true {
        Thread.sleep(forTimeInterval: 1)
        let (input, since) = current.withLock { $0 }
        if ContinuousClock.now - since > .seconds(10) {
            print("input \(input) of seed \(seed) takes longer than 10 seconds")
            exit(1)
        }
    }
}

var units = 0
var refused = 0
var foreign = 0
for input in first..<(first + inputs) {
    current.withLock { $0 = (input, .now) }
    if input.isMultiple(of: 50_000), input > first { FileHandle.standardError.write(Data("\(input) inputs\n".utf8)) }
    var generator = Generator(state: seed &+ UInt64(input) &* 0xD134_2543_DE82_EF95)
    let bytes = changed(generator.pick(corpus), corpus, &generator)
    var options = ListReadingOptions()
    options.keepsCells = true
    do {
        _ = try DispatchListReader.read(ListInput(bytes: Data(bytes), name: "list"), options) { row in
            guard case .unit(let unit) = row.content else { return }
            units += 1
            if let lie = lie(unit, row.cells ?? []) {
                print("input \(input) of seed \(seed): row \(unit.row), \(lie)")
                exit(1)
            }
        }
    } catch FleetError.badInput {
        refused += 1
    } catch FleetError.foreignFile {
        foreign += 1
    }
}
print(
    "\(inputs) inputs of seed \(seed): \(units) units taken as their cells say, \(refused) lists refused, \(foreign) no lists"
)
