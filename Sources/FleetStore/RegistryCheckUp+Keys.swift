import Fleet
import KeyVault
import PrivateFiles

/// The key file, and the keys beside it.
extension RegistryCheckUp {
    /// - Parameter keyID: the key that seals the registry; nil where that is
    ///   not known.
    mutating func checkKeyFile(_ keyID: [UInt8]?) {
        lines.removeAll { $0.name == "key file" }
        checkKeysBeside(keyID.map(KeyID.init))
        do throws(KeyFileError) {
            let stored = try KeyFile.read(keyFile)
            // Nobody is asked for it, and it is not needed to tell which key it is.
            let unopened = stored.cost == nil ? "" : "; it has a passphrase, and was not opened"
            guard let keyID else { return add("key file", "\(keyFile) is a key file\(unopened)") }
            if stored.keyID == keyID { return add("key file", "\(keyFile) is the registry's\(unopened)") }
            if tellKeyBeside(keyID, "is another key") { return }
            add(
                "key file", .problem, "\(keyFile) is not the one this registry was sealed with",
                "name the registry's own with --key-file FILE or PAYG_KEY_FILE"
            )
        } catch {
            if error == .missing, let keyID, tellKeyBeside(keyID, "is not there") { return }
            let failure = FleetError(error, keyFile: keyFile)
            let text = "\(failure)".replacing("; nothing was changed", with: "")
            switch error {
            case .missing:
                add(
                    "key file", .problem, text,
                    "put your copy of it there, or name it with --key-file FILE or PAYG_KEY_FILE; without it no token "
                        + "can be made"
                )
            case .exposed:
                add("key file", .problem, text, "payg doctor --fix, or chmod 600; whoever read it can make tokens")
            default:
                add("key file", .problem, text, "--key-file FILE or PAYG_KEY_FILE names another")
            }
        }
    }

    /// The registry works with a key that has its id behind the name. Whoever
    /// keeps copies should know that this is the one.
    ///
    /// - Returns: whether it is there.
    private mutating func tellKeyBeside(_ key: [UInt8], _ words: String) -> Bool {
        guard let found = try? KeyPlace(path: keyFile).find(KeyID(key)) else { return false }
        let unopened = found.stored.cost == nil ? "" : ", which has a passphrase, and was not opened"
        add(
            "key file", .warning, "\(keyFile) \(words): the registry's is \(found.path)\(unopened)",
            "it works; keep a copy of \(found.path), or name it with --key-file FILE or PAYG_KEY_FILE"
        )
        return true
    }

    /// - Parameter keyID: the key that seals the registry; nil where that is
    ///   not known.
    private mutating func checkKeysBeside(_ keyID: KeyID?) {
        for exposure in KeyPlace(path: keyFile).others.compactMap({ FileExposure($0) }) {
            let harm = Self.harm(ofKeyInUse: Self.isKeyFile(exposure.path, beside: keyFile, of: keyID))
            add(
                "key file", .problem, "\(exposure.path) \(exposure.problem)",
                "payg doctor --fix, or chmod 600; \(harm)"
            )
        }
    }

    /// The key files that are at a path, and beside it with an id behind its name.
    public static func keyFiles(of path: String) -> [String] { [path] + KeyPlace(path: path).others }

    /// Whether a file beside a key file's path has a certain key by its name;
    /// true where it is not known which, for then it may.
    public static func isKeyFile(_ file: String, beside path: String, of key: KeyID?) -> Bool {
        let place = KeyPlace(path: path)
        return key.map { [place.beside($0), place.waiting($0)].contains(file) } ?? true
    }

    /// What somebody can do who read a key file: with a former key, open every
    /// copy from before.
    public static func harm(ofKeyInUse isInUse: Bool) -> String {
        isInUse
            ? "whoever read it can make tokens" : "whoever read it can open copies of the registry that it sealed"
    }
}
