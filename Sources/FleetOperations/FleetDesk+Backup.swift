import Fleet
import FleetStore
import PrivateFiles
import SecretMemory

/// Where a backup goes.
public enum BackupTarget: Sendable {
    /// Into a file of this name.
    case file(String)
    /// Into a file named by the time, in this folder.
    case folder(String)
}

extension FleetDesk {
    /// Makes a copy of the registry while others go on with it, and proves it.
    ///
    /// - Parameters:
    ///   - kept: how many backups of the folder stay, this one among them; the
    ///     older ones are deleted once this one is proven. Nil for all.
    ///   - progress: is given how many bytes of how many are copied.
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``,
    ///   ``FleetError/copyBroken(path:problems:total:)``.
    public func backup(
        to target: BackupTarget, keeping kept: Int? = nil, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FleetError) -> BackupRecord {
        let now = now()
        switch target {
        case .file(let path):
            return try registry.backup(to: path, at: now, actor: actor, progress: progress)
        case .folder(let folder):
            let path = folder + "/" + BackupName(of: registry.path, at: now).text
            var record = try registry.backup(to: path, at: now, actor: actor, progress: progress)
            // What replaces the good ones must be good.
            if let kept, record.problemCount == 0 {
                record.deleted = BackupFolder(folder, of: registry.path, registryID: record.facts.registryID)
                    .rotate(keeping: kept, newest: path)
            }
            return record
        }
    }

    /// The registry's files that others than their owner may read or write.
    public var exposures: [FileExposure] { registry.exposures }
}

/// Bringing a registry back from a copy. Made by looking, which changes nothing.
public struct RestoreDesk {
    private let restoration: Restoration
    private let actor: ActorName
    private let now: @Sendable () -> Timestamp

    /// Looks at a copy, and at what is in the place it is to go to.
    ///
    /// - Parameters:
    ///   - passphrase: gives the key file's, where it has one.
    ///   - dryRun: whether it ends here.
    /// - Throws: ``FleetError/copyBroken(path:problems:total:)``,
    ///   ``FleetError/notARegistry(path:)`` and its kin; the key file's errors.
    public init(
        _ file: String, registry: String, keyFile: String,
        passphrase: @escaping @Sendable (_ keyFile: String) throws(FleetError) -> SecretBytes = {
            path throws(FleetError) in throw .passphraseMissing(path: path)
        }, dryRun: Bool, actor: ActorName, now: @escaping @Sendable () -> Timestamp,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FleetError) {
        restoration = try Restoration(
            of: file, at: registry, keyFile: keyFile, passphrase: passphrase, dryRun: dryRun, progress: progress
        )
        self.actor = actor
        self.now = now
    }

    /// The hidden files that the looking left until it is over.
    public var hiddenFiles: [String] { restoration.hiddenFiles }

    /// What was found.
    public var finding: RestoreFinding { restoration.finding }

    /// Restores.
    ///
    /// - Parameters:
    ///   - registry: where it goes, as the person knows it.
    ///   - isForced: whether it may be put in the place of a registry that has
    ///     more, is another or cannot be read, or though its rows do not prove
    ///     themselves.
    ///   - skipsCounts: whether counts that were used since are skipped.
    ///   - skipAhead: how far counts are skipped where nobody knows which were
    ///     used; nil for ``RestoreFinding/usualSkip`` there, and for 0 elsewhere.
    /// - Throws: ``FleetError/restoreLoses(registry:_:)``,
    ///   ``FleetError/copyBroken(path:problems:total:)``,
    ///   ``FleetError/notConfirmed(_:option:)`` where counts that were used would
    ///   be used again, ``FleetError/registryChanged(path:)``.
    public func restore(
        _ file: String, over registry: String, isForced: Bool, skipsCounts: Bool, skipAhead: Int?,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FleetError) -> RestoreResult {
        let finding = finding
        guard finding.problemCount == 0 || isForced else {
            throw .copyBroken(path: file, problems: finding.problems, total: finding.problemCount)
        }
        if let loss = finding.loss, !isForced { throw .restoreLoses(registry: registry, loss) }
        guard finding.skips.isEmpty || skipsCounts else {
            throw .notConfirmed(
                "\(finding.skips.count) unit\(finding.skips.count == 1 ? "" : "s") went on since, and counts would be "
                    + "used again", option: "--skip-counts"
            )
        }
        return try restoration.apply(
            skipAhead: skipAhead ?? (finding.isBlind ? RestoreFinding.usualSkip : 0), at: now(), actor: actor,
            progress: progress
        )
    }
}
