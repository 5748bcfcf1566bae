import CredentialFiles
import Fleet
import FleetStore

/// Units to simulate.
extension FleetDesk {
    /// Opens a unit's credentials for a simulated unit, on record: they leave
    /// the registry.
    ///
    /// - Parameters:
    ///   - file: the path of the state file they go to.
    ///   - prepare: gets the unit and its credentials, and writes the file but
    ///     for its name; where it throws, nothing is recorded.
    /// - Throws: not found; the key file's errors; what `prepare` throws.
    public func makeDevice(
        of unit: PaygID, file: String, prepare: (FleetUnit, Credentials) throws -> Void
    ) throws(FleetError) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        try registry.makeDevice(of: unit, file: name, at: now(), actor: actor, prepare: prepare)
    }

    /// A unit as a dispatch list has it. What is wrong with other rows is no
    /// matter, unless the unit may be in one of them.
    ///
    /// - Throws: ``FleetError/unitNotListed(_:file:)``;
    ///   ``FleetError/deviceNotMade(file:problems:total:)`` where the list has it
    ///   twice, or in rows that are not understood; the file's errors.
    public static func unit(
        _ id: PaygID, in list: ListOrigin, _ reading: ListReadingOptions = ListReadingOptions()
    ) throws(FleetError) -> ListedUnit {
        let input = try list.input()
        var found: [ListedUnit] = []
        var problems = ProblemList()
        do {
            _ = try DispatchListReader.read(input, reading) { row in
                switch row.content {
                case .unit(let unit): if unit.id == id { found.append(unit) }
                case .problems(let wrong): problems.add(wrong)
                }
            }
        } catch FleetError.badInput(let file, let problems, let total, _, _) {
            throw .deviceNotMade(file: file, problems: problems, total: total)
        } catch let error as FleetError {
            throw error
        } catch {
            throw .inputUnreadable(path: input.name, reason: "\(error)")
        }
        guard let unit = found.first else {
            guard problems.total == 0 else {
                throw .deviceNotMade(file: input.name, problems: problems.first, total: problems.total)
            }
            throw .unitNotListed(id, file: input.name)
        }
        for other in found where other.credentials != unit.credentials {
            let problem = RowProblem(
                row: other.row, column: ListField.key.title, problem: "\(id) is in row \(unit.row) with another key",
                kind: .twice
            )
            throw .deviceNotMade(file: input.name, problems: [problem], total: 1)
        }
        return unit
    }
}
