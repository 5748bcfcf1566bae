import Fleet
import Foundation
import GRDB

/// What the events tell of exports, beside the rows that they left behind.
extension AuditVerification {
    mutating func replay(
        _ detail: CredentialsExportedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        toldExports.insert(detail.export)
        let columns = ExactText.columns(
            [
                "profile", "file", "sha256", "authority", "exported_at", "actor", "profile_text", "products",
                "encrypted_sha256",
            ], of: "export"
        )
        let row = try Row.fetchOne(
            db, sql: "SELECT \(columns), unit_count FROM export WHERE id = ?", arguments: [detail.export]
        )
        guard let row, row.exact("profile").isExactly(detail.profile), row.exact("file").isExactly(detail.file),
            row.exact("sha256").isExactly(detail.sha256), row["unit_count"] == detail.units,
            row.exact("authority").isExactly(detail.authority), row.exact("actor").isExactly(event.actor),
            row.exact("exported_at").isExactly(event.at),
            row.exactOrNil("profile_text").map({ Array($0.utf8).sha256 }) == detail.profileSHA256,
            row.exactOrNil("products").map({ Array($0.utf8).sha256 }) == detail.productsSHA256,
            row.exactOrNil("encrypted_sha256").isExactly(detail.encryptedSHA256)
        else {
            found("event \(event.sequence): export \(detail.export) is missing, or is not what was recorded")
            return nil
        }
        let exported =
            ExactText.columns(["payg_id"], of: "unit") + ", " + ExactText.columns(["count"], of: "export_unit")
        let units = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(exported), unit_id FROM export_unit LEFT JOIN unit ON unit.id = unit_id
                WHERE export_id = ? ORDER BY unit.payg_id
                """,
            arguments: [detail.export]
        )
        var digest = UnitsDigest()
        while let unit = try units.next() {
            digest.add(exported: unit)
            guard detail.authority != TokeningAuthority.here.name else { continue }
            told[unit["unit_id"], default: ToldUnit()].handedOverBy = detail.export
            told[unit["unit_id"]]?.handedOverTo = nil
        }
        if digest.value.hex != detail.unitsSHA256 {
            found("event \(event.sequence): the units of export \(detail.export) are not those that were exported")
        }
        return .init(export: detail.export)
    }

    mutating func replay(_ detail: ExportedAgainDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        guard toldExports.contains(detail.export) else {
            found("event \(event.sequence): export \(detail.export) is missing")
            return nil
        }
        return .init(export: detail.export)
    }

    mutating func replay(_ detail: ProductNamedDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        toldProducts[[detail.profile, detail.product]] = detail.name
        return .init()
    }

    /// The products are called as the last events say.
    mutating func checkProductNames() throws {
        var rest = toldProducts
        let columns = ExactText.columns(["profile", "product", "name"], of: "product_name")
        let rows = try Row.fetchCursor(db, sql: "SELECT \(columns) FROM product_name ORDER BY 1, 2")
        while let row = try rows.next() {
            let (profile, product) = (row.exact("profile"), row.exact("product"))
            guard let told = rest.removeValue(forKey: [profile, product]), row.exact("name").isExactly(told) else {
                found("the name of \(product) in the profile \(profile) is not the one that was given")
                continue
            }
        }
        for key in rest.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            found("the name of \(key[1]) in the profile \(key[0]) is missing")
        }
    }
}
