import Fleet
import GRDB

extension Registry {
    /// Makes triggers and indexes what the schema has them be, on record, and
    /// has readers and writers work side by side.
    ///
    /// - Returns: what was amiss with the schema, in words, and whether readers
    ///   kept others from writing.
    /// - Throws: ``FleetError``; nothing is changed then.
    public func mendSchema(
        at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> (problems: [String], hadNoLog: Bool) {
        let vault = try? openVault()
        let problems = try write { db -> [String] in
            let mends = SchemaCheck.mends(try SchemaCheck.differences(db))
            guard !mends.isEmpty else { return [] }
            for mend in mends { try db.execute(sql: mend.sql) }
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .schemaMended, SchemaMendedDetail(objects: mends.map { "\($0.object.type) \($0.object.name)" })
            )
            return mends.map(\.difference.problem)
        }
        return (problems, try useLog())
    }
}
