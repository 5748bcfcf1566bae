import Fleet
import GRDB
import KeyVault
import OpenPAYGO

/// A finished file of credentials.
public struct ExportedFile: Sendable {
    /// Its name, without its folder.
    public let name: String
    /// SHA-256 of what the provider reads, in lower-case hexadecimal.
    public let sha256: String
    /// SHA-256 of the encrypted file; nil for one in the clear.
    public let encryptedSHA256: String?

    /// A file that is complete.
    public init(name: String, sha256: String, encryptedSHA256: String? = nil) {
        self.name = name
        self.sha256 = sha256
        self.encryptedSHA256 = encryptedSHA256
    }
}

/// What takes the units of an export. It is called on one thread, which is not
/// the one that asked for the export, and is not called after that returned.
public struct ExportSink {
    let begin: (Int) throws -> Void
    let add: (ExportedUnit) throws -> Void
    let finish: () throws -> ExportedFile

    /// A sink; each part throws to give up.
    ///
    /// - Parameters:
    ///   - begin: called first, with the number that the export has, or would have.
    ///   - add: called for each unit, by PAYG ID.
    ///   - finish: called after the last unit, when the file must be complete.
    public init(
        begin: @escaping (Int) throws -> Void = { _ in }, add: @escaping (ExportedUnit) throws -> Void,
        finish: @escaping () throws -> ExportedFile
    ) {
        self.begin = begin
        self.add = add
        self.finish = finish
    }
}

extension Registry {
    /// Opens the credentials of units for a provider's file, records it, and
    /// hands the making of their tokens over, in one transaction.
    ///
    /// The file is given its name after this returns: a file that is there is
    /// always on record, and two never make tokens for one unit.
    ///
    /// - Parameter dryRun: do everything, and keep nothing of it.
    /// - Throws: ``FleetError/nothingToExport``,
    ///   ``FleetError/alreadyHandedOver(_:provider:)``,
    ///   ``FleetError/selectionChanged(expected:found:)``, what a takeover is
    ///   refused for, not found, the key file's errors, what the sink throws.
    public func export(
        _ terms: ExportTerms, to sink: ExportSink, dryRun: Bool = false, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> ExportSummary {
        guard terms.takeover == nil || !terms.isCopy else { throw .takeoverWithoutHandover }
        let vault = try openVault()
        return try write(dryRun: dryRun) { db in
            if let takeover = terms.takeover { try Self.checkIsTheirs(takeover, db) }
            let number = 1 + (try Int.fetchOne(db, sql: "SELECT max(id) FROM export") ?? 0)
            let trail = AuditTrail(db, at: now, actor: actor, vault: vault)
            let chosen = try ExportChoice(terms, vault: vault, db)
            let reading = try ExportReading(
                path: path, condition: chosen.condition, areHere: chosen.areHere, tells: terms.tells, vault: vault,
                sink: sink, number: number
            )
            reading.start(taken: chosen.takenOver)
            defer { reading.abandon() }

            for taken in chosen.takenOver.values {
                try Self.reclaim(taken, reason: terms.takeover?.reason, trail, db)
            }
            try ExportRows.insert(number, chosen.condition, tellsCustomer: terms.tells.customer, db)
            let authority: TokeningAuthority = terms.isCopy ? .here : .provider(terms.provider)
            if !terms.isCopy { try HandedOverRows.insert(unitsOf: number, db) }
            let read = try reading.finish()
            guard read.units > 0 else { throw FleetError.nothingToExport }
            if let expected = terms.expected, expected.unitsSHA256 != read.unitsSHA256 {
                throw FleetError.selectionChanged(expected: expected.units, found: read.units)
            }
            try ExportRows.insert(
                number, terms, read.file, units: read.units, authority: authority, at: now, actor: actor, db
            )
            try trail.append(
                .credentialsExported,
                CredentialsExportedDetail(
                    export: number, profile: terms.profile, file: read.file.name, sha256: read.file.sha256,
                    units: read.units, unitsSHA256: read.unitsSHA256, authority: authority.name,
                    profileSHA256: Array(terms.profileText.utf8).sha256,
                    productsSHA256: Array(try terms.products.auditDetail.utf8).sha256,
                    encryptedSHA256: read.file.encryptedSHA256
                ),
                about: .init(export: number)
            )
            return ExportSummary(
                number: dryRun ? nil : number, profile: terms.profile, file: read.file.name, units: read.units,
                unitsAgain: read.unitsAgain, unitsTakenOver: chosen.takenOver.count,
                unitsTakenOverAsTheyWere: chosen.takenOver.values.count { $0.count == $0.before },
                unitsTakenOverFarAhead: chosen.takenOver.values.count {
                    $0.count.number > $0.before.number + TokenReader.window
                },
                unitsLeftOut: chosen.leftOut, unitsSHA256: read.unitsSHA256,
                sha256: read.file.sha256, encryptedSHA256: read.file.encryptedSHA256, authority: authority,
                dryRun: dryRun
            )
        }
    }
}

extension Registry {
    /// A list that went out, or came in with the units, has the counts of then:
    /// the provider has made tokens since.
    private static func checkIsTheirs(_ takeover: Takeover, _ db: Database) throws {
        guard let sha256 = takeover.sha256, let file = takeover.file else { return }
        let export = try Int.fetchOne(
            db, sql: "SELECT id FROM export WHERE sha256 = ? OR encrypted_sha256 = ?", arguments: [sha256, sha256])
        if let export { throw FleetError.ownList(file: file, what: "the file that export \(export) wrote") }
        let dispatch = try Int.fetchOne(db, sql: "SELECT id FROM dispatch WHERE sha256 = ?", arguments: [sha256])
        if let dispatch { throw FleetError.ownList(file: file, what: "the list that dispatch \(dispatch) came in") }
    }
}

/// Which units an export takes, looked up once.
private struct ExportChoice {
    let condition: SQL
    /// Whether it takes none but units whose tokens are made here.
    private(set) var areHere = false
    /// Those that come from another provider on the way, by their rows.
    private(set) var takenOver: [Int64: TakenOver] = [:]
    /// Units that are here, were handed to this provider before, and were not
    /// asked for.
    private(set) var leftOut = 0

    init(_ terms: ExportTerms, vault: Vault, _ db: Database) throws {
        if case .units(let ids) = terms.selection.part {
            let stored = try ids.map { id in try UnitRows.existing(id, db) }
            if let takeover = terms.takeover {
                takenOver = try TakenOver.all(takeover, provider: terms.provider, vault: vault, db)
            }
            let rows = Set(stored.map(\.rowID))
            // Taken back and not handed on, a unit would have tokens made here.
            guard takenOver.keys.allSatisfy(rows.contains) else { throw Self.strayTakeover }
            for stored in stored where takenOver[stored.rowID] == nil { try Self.check(stored.unit, terms) }
            condition = UnitRows.condition(rows: stored.map(\.rowID))
            return
        }
        // What another provider has fits no condition until it is taken over.
        guard terms.takeover == nil else { throw Self.strayTakeover }
        let makers: SQL =
            terms.selection.again
            ? "\(sql: HandedOverRows.authority) IN ('here', \(terms.provider))" : "\(sql: HandedOverRows.isHere)"
        let part: SQL = "\(try UnitRows.condition(terms.selection.part, db)) AND retired_at IS NULL"
        var condition: SQL = "\(part) AND \(makers)"
        areHere = !terms.selection.again
        if !terms.selection.again {
            let before = try ExportRows.handedOver(to: terms.provider, db)
            if !before.isEmpty {
                let known: SQL = "SELECT unit_id FROM export_unit WHERE export_id IN \(before)"
                leftOut = try UnitRows.number(where: "\(condition) AND unit.id IN (\(known))", db)
                condition += " AND unit.id NOT IN (\(known))"
            }
        }
        self.condition = condition
    }

    private static let strayTakeover = FleetError.badValue(
        what: "list of counts", problem: "must name the very units that are exported; nothing was changed")

    /// A unit that another provider has is only ever named by mistake.
    private static func check(_ unit: FleetUnit, _ terms: ExportTerms) throws(FleetError) {
        if let moment = unit.retiredAt { throw .unitRetired(unit.id, at: moment) }
        guard case .provider(let name) = unit.authority, !(terms.selection.again && name == terms.provider) else {
            return
        }
        throw .alreadyHandedOver(unit.id, provider: name)
    }
}
