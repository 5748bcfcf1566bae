import CredentialFiles
import Fleet
import FleetStore

extension FleetDesk {
    /// Writes the standard's acceptance procedure for a unit, with tokens made
    /// for it, which are on record as test tokens.
    ///
    /// - Throws: ``FleetError/unitInUse(_:by:)`` and what else a rule stands
    ///   against; ``FleetError/planNotWritten(path:reason:)``; not found; the
    ///   file's and the key file's errors.
    public func writeTestPlan(of unit: PaygID, to path: String) throws(FleetError) -> TestPlan {
        let file = try TestPlanFile.prepare(path)
        let plan = try registry.makeTestPlan(of: unit, at: now(), actor: actor)
        try file.publish(plan)
        return plan
    }

    /// The steps of a test plan that was written.
    ///
    /// - Throws: ``FleetError/planNotRun(file:problems:total:)``; the file's errors.
    public static func testPlan(_ plan: ListOrigin) throws(FleetError) -> [TestPlan.Step] {
        do throws(FleetError) {
            return try TestPlanFile.read(try plan.input())
        } catch .badInput(let file, let problems, let total, _, _) {
            throw .planNotRun(file: file, problems: problems, total: total)
        }
    }
}
