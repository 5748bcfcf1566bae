import Fleet
import FleetStore
import SecretMemory

/// Where everything that a user does with a fleet is done: one registry, one
/// person, one clock.
public struct FleetDesk: Sendable {
    let registry: Registry
    let actor: ActorName
    let now: @Sendable () -> Timestamp

    /// Sits down at a registry.
    ///
    /// - Parameters:
    ///   - registry: the path of the registry.
    ///   - keyFile: the path of its key file, which is only touched when
    ///     credentials are sealed or opened.
    ///   - passphrase: gives the key file's, when it is opened and has one.
    ///   - actor: who the audit trail names.
    ///   - now: the clock.
    ///   - clockSetBack: told, after a change, that its audit event has a time
    ///     before that of the event before it, which is handed over, where the
    ///     clock is still behind that.
    /// - Throws: ``FleetError/registryMissing(path:)``,
    ///   ``FleetError/notARegistry(path:)``, ``FleetError/registryNewer(path:)``.
    public init(
        registry: String, keyFile: String,
        passphrase: @escaping @Sendable (_ keyFile: String) throws(FleetError) -> SecretBytes = {
            path throws(FleetError) in throw .passphraseMissing(path: path)
        },
        actor: ActorName, now: @escaping @Sendable () -> Timestamp,
        clockSetBack: @escaping @Sendable (_ now: Timestamp, _ last: Timestamp) -> Void = { _, _ in }
    ) throws(FleetError) {
        self.registry = try Registry.open(registry, keyFile: keyFile, passphrase: passphrase) { last in
            // A clock that has passed it meanwhile is right: this change waited
            // for another program's, or for an answer.
            let moment = now()
            if moment < last { clockSetBack(moment, last) }
        }
        self.actor = actor
        self.now = now
    }

    /// Lets go of the registry, whose log is written back where nobody else has
    /// it open. Nothing is done at this desk afterwards.
    public func close() {
        registry.letGo()
    }

    /// Makes a registry and its key file.
    ///
    /// - Parameter protection: the key file's.
    /// - Throws: ``FleetError/registryExists(path:)``,
    ///   ``FleetError/keyFileExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public static func createRegistry(
        _ registry: String, keyFile: String, protection: KeyProtection = .none, actor: ActorName, now: Timestamp
    ) throws(FleetError) {
        try Registry.create(registry, keyFile: keyFile, protection: protection, at: now, actor: actor)
    }
}
