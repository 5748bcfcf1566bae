import Fleet

/// Every exit code there is.
enum ExitStatus: Int32, Error, CaseIterable {
    case done = 0
    case failed = 1
    /// A check found a difference.
    case difference = 2
    case notFound = 3
    /// Refused by a rule; nothing changed.
    case refused = 4
    case wrongUsage = 64
    case badInput = 65
    case noInput = 66
    case cannotWrite = 73
    case busy = 75
    case key = 77
    case newer = 78

    init(_ kind: FleetError.Kind) {
        self =
            switch kind {
            case .failed: .failed
            case .notFound: .notFound
            case .refused: .refused
            case .wrongUsage: .wrongUsage
            case .badInput: .badInput
            case .noInput: .noInput
            case .cannotWrite: .cannotWrite
            case .busy: .busy
            case .key: .key
            case .newer: .newer
            }
    }
}

/// A failure as it is told on the command line: `error:` says what happened
/// and what was left unchanged, `hint:` what to do next. Lower case, no full
/// stop. What happened is the error's own words; what to do next is here,
/// because it names commands.
struct Failure {
    let status: ExitStatus
    let message: String
    let hints: [String]

    static let outputLost = Failure(
        status: .cannotWrite,
        message: "the answer could not be written to standard output; what was done is done",
        hints: ["payg audit tokens lists the tokens issued, and the same --ref gets the same token again"]
    )

    private init(status: ExitStatus, message: String, hints: [String]) {
        self.status = status
        self.message = message
        self.hints = hints
    }

    init(_ error: FleetError, _ context: CommandContext) {
        self.init(status: ExitStatus(error.kind), message: "\(error)", hints: Self.hints(error, context))
    }

    private static func hints(_ error: FleetError, _ context: CommandContext) -> [String] {
        switch error {
        case .badValue, .countsExhausted, .dispatchNotFound, .customerHoldsNoUnit, .daysNotAllowed, .inputUnreadable,
            .badProfile, .countTooLow, .registryFailed, .outputNotPlaced, .tokensMadeHere, .unitNotHeld,
            .profileNotFound:
            return general(error)
        case .unitNotFound(let id, let nearest):
            return nearest.isEmpty ? ["payg unit list --search \(quoted(String(id.text.prefix(4))))"] : []
        case .customerNotFound(let reference, let nearest):
            return nearest.isEmpty ? ["payg customer add \(quoted(reference.text)) --name NAME"] : []
        case .registryExists: return ["--registry FILE makes another one"]
        case .keyFileExists:
            return ["--key-file FILE makes another one; keep this one, a registry may need it"]
        case .customerDiffers: return ["payg customer list shows what is there"]
        case .unitHeld(let id, _): return ["payg unassign \(quoted(id.text)) takes it back first"]
        case .customerHoldsSeveral: return ["name the unit: payg issue UNIT --days N"]
        case .referenceUsed: return ["a new payment needs a reference of its own"]
        case .tokensMadeElsewhere(let id, _), .alreadyHandedOver(let id, _):
            return [
                "payg unit reclaim \(quoted(id.text)) --count N --reason TEXT takes it back, with the provider's count"
            ]
        case .nothingToExport:
            return [
                "payg unit list shows who makes each unit's tokens; --all includes those handed over to this provider"
            ]
        case .valueMissing: return ["--product NAME gives one for all"]
        case .inputMissing: return ["check the name and the folder"]
        case .badInput: return ["mend these cells and import the file again; it is all or nothing"]
        case .outputExists: return ["choose another name, or move that file away"]
        case .outputFailed: return ["make room, or choose a folder that you may write to"]
        case .registryMissing:
            return ["payg init makes one; --registry FILE or PAYG_REGISTRY names another"]
        case .notARegistry: return ["--registry FILE or PAYG_REGISTRY names another"]
        case .registryNewer: return ["install the newest payg"]
        case .registryBusy: return ["try again in a moment"]
        case .registryDamaged: return ["do not write to it; copy it away and restore the last good copy"]
        case .keyFileMissing:
            return ["put the registry's key file back there, or name it with --key-file FILE or PAYG_KEY_FILE"]
        case .keyFileUnreadable: return ["payg must run as the user who owns the key file"]
        case .notAKeyFile, .keyFileOfAnotherRegistry:
            return ["name the registry's own key file with --key-file FILE or PAYG_KEY_FILE"]
        case .credentialsDoNotOpen: return ["payg audit verify names every row that does not fit"]
        }
    }

    private static func general(_ error: FleetError) -> [String] {
        switch error {
        case .dispatchNotFound: ["payg dispatch list"]
        case .customerHoldsNoUnit(let reference): ["payg assign UNIT \(quoted(reference.text)) gives them one"]
        case .tokensMadeHere(let id): ["payg unit show \(quoted(id.text))"]
        default: []
        }
    }

    /// A word as a shell takes it.
    static func quoted(_ word: String) -> String {
        let plain = word.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "-_./:@+,".unicodeScalars.contains($0)
        }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
