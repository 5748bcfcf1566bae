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

    /// Nobody heard the answer.
    ///
    /// - Parameter hint: a changing command's hint, nil within where it has
    ///   none; nil for a command that changes nothing.
    static func answerLost(_ hint: String??) -> Failure {
        Failure(
            status: .cannotWrite,
            message: "the answer could not be written to standard output"
                + (hint == nil ? "" : "; what was done is done"),
            hints: (hint ?? nil).map { [$0] } ?? []
        )
    }

    private init(status: ExitStatus, message: String, hints: [String]) {
        self.status = status
        self.message = message
        self.hints = hints
    }

    /// - Parameter verb: what was to be done, with a list mostly, and the command that does it.
    init(_ error: FleetError, verb: String = "import") {
        self.init(status: ExitStatus(error.kind), message: "\(error)", hints: Self.hints(error, verb))
    }

    private static func hints(_ error: FleetError, _ verb: String) -> [String] {
        if case .foreignFile(let name, let kind) = error { return waysOut(name, kind, verb) }
        if case .badInput(_, let problems, _, _, _) = error { return advice(problems) }
        if case .listNotCompared(_, let problems, _, _, _) = error {
            return advice(problems, mended: "mend what is named and compare the file again; it is all or nothing")
        }
        if case .deviceNotMade(_, let problems, _) = error {
            return advice(problems, mended: "mend what is named, or ask the sender for the list again")
        }
        // Only what was to be restored is told so: what it would replace may be no registry.
        if case .notARegistry = error, verb == "restore" {
            return ["name a backup: a file that payg backup made, or one that Litestream restored"]
        }
        let hints = hint(error).map { [$0] } ?? []
        // Which file to name, or to leave away, it says itself.
        if case .keyFileNotOfTrail = error { return hints }
        if verb == "audit verify --file", error.kind == .key {
            return [
                "--key-file names the key file of the registry that the trail is of; without it the chain is checked, and "
                    + "no event's code"
            ]
        }
        guard verb == "audit verify", error.kind == .key else { return hints }
        return hints + ["payg audit verify --without-key checks what needs no key"]
    }

    /// What to do about the problems of a list, one line for each kind.
    private static func advice(
        _ problems: [RowProblem], mended: String = "mend what is named and import the file again; it is all or nothing"
    ) -> [String] {
        let kinds = Set(problems.map(\.kind))
        var hints: [String] = []
        if kinds.contains(.header) {
            hints.append(
                "--map FIELD='HEADER' says which column holds what, --ignore-column 'HEADER' that one means nothing, "
                    + "--header-row N which row has the headers"
            )
        }
        if kinds.contains(.encoding) {
            hints.append("--encoding says how it is written: utf-8, utf-16le, utf-16be or windows-1252")
        }
        if kinds.contains(.end) {
            hints.append("ask the sender whether the list is whole; --last-row N reads no further than row N")
        }
        if kinds.contains(.twice) {
            hints.append("ask the sender which is right: one of the two is wrong")
        }
        if kinds.contains(.otherCredentials) {
            hints.append(
                "find out which is right; payg import FILE --replace UNIT --reason TEXT takes the list's credentials "
                    + "for one unit"
            )
        }
        if kinds.contains(.higherCount) {
            hints.append("--accept-counts takes higher counts from the list, where somebody else did make tokens")
        }
        if kinds.contains(.contradiction) {
            hints.append("find out which is right before anything is changed; what is in the registry stays as it is")
        }
        if kinds.contains(.phoneWithoutCountry) {
            hints.append(countryHint)
        }
        if kinds.contains(.value) || hints.isEmpty {
            hints.append(mended)
        }
        return hints
    }

    /// How a list gets out of a file that is none.
    private static func waysOut(_ name: String, _ kind: ForeignFile, _ verb: String) -> [String] {
        let file = quoted(name)
        let keepText =
            "in a spreadsheet: give the key and starting code columns the format “Text”, then File › Save As › "
            + "“CSV UTF-8”; a column that shows 3.2E+31 has lost its digits already, so ask for the list again"
        switch kind {
        case .excelWorkbook:
            return ["xlsx2csv \(file) | payg \(verb) -   (its first sheet; -s 2 for the second)", keepText]
        case .oldExcelWorkbook, .openDocument:
            return ["soffice --headless --convert-to csv \(file)   (LibreOffice), then \(verb) the .csv", keepText]
        case .numbersWorkbook:
            return ["in Numbers: File › Export To › CSV…, then \(verb) the .csv"]
        case .otherDocument, .html, .xml, .json:
            return [
                "ask for the list as CSV, or copy its table into a spreadsheet whose columns have the format “Text”"
            ]
        case .zip:
            return ["unzip \(file), then \(verb) the list that was in it"]
        case .otherArchive:
            return ["unpack it, then \(verb) the list that was in it"]
        case .mail, .outlookMail:
            return ["open it in a mail program, save the attached list, and \(verb) that"]
        case .pdf, .image:
            return ["ask the sender for the list as CSV: digits copied out of a picture or a PDF get lost"]
        case .encrypted:
            return ["age -d \(file) | payg \(verb) -   (or gpg -d, as it was encrypted)"]
        case .database:
            return ["a registry is not imported; export its units with payg export"]
        case .otherBinary:
            return ["ask the sender for the list as CSV"]
        }
    }

    private static let countryHint =
        "write it with + and the country code (+254…), or say whose numbers they are: --country KE, or PAYG_COUNTRY"

    private static func hint(_ error: FleetError) -> String? {
        switch error {
        case .noTerminal:
            "in a pipe, payg device enter STATE TOKEN and payg device status STATE do the same"
        case .terminalTooSmall: "make the window larger, or its letters smaller"
        case .notADevice: "payg device new UNIT --state FILE makes one"
        case .deviceDamaged: "payg device new UNIT --state FILE makes a new one, as the unit left the factory"
        case .deviceNewer, .trailNewer: "install the newest payg"
        case .badCheckpoint: "write it as payg audit checkpoint prints it, one a line; lines with # are left out"
        case .deviceBusy: "quit the keypad that is open on it"
        case .countTooLow: "--force takes it all the same, where the provider made no token above it"
        case .badValue, .daysNotAllowed, .paidTooFar, .badProfile, .profileNotFound, .registryFailed:
            nil
        case .countUsed(let id, _, _): "payg unit show \(quoted(id.text)) lists the tokens made here"
        case .notATokenOf: "payg token find TOKEN looks at the other units; --reach N looks at higher counts"
        case .unitInUse(let id, let customer):
            customer == nil
                ? "payg unit show \(quoted(id.text)) has until when"
                : "payg unassign \(quoted(id.text)) takes it back first"
        case .notRetired(let id): "payg unit show \(quoted(id.text))"
        case .notConfirmed(_, let option): option.map { "\($0) confirms it" }
        case .paidAlready: "a later date credits more; --set-days N leaves fewer days"
        case .unitUnlocked: "--set-days N locks it again when its days are over"
        case .unitRetired(let id, _): "payg unit retire \(quoted(id.text)) --undo --reason TEXT brings it back"
        case .badTemplate:
            "a template is plain text with {token} in it; {days}, {unit}, {until}, {name} and {contact} are filled too"
        case .unitNotFound(let id, let nearest):
            nearest.isEmpty ? "payg unit list --search \(quoted(String(id.text.prefix(4))))" : nil
        case .customerNotFound(_, let nearest): nearest.isEmpty ? "payg customer list" : nil
        case .noTokens: "payg audit tokens lists the tokens issued"
        case .dispatchNotFound: "payg dispatch list"
        case .exportNotFound: "payg export list"
        case .notHandedOver: "leave --count and --counts away for units whose tokens are made here"
        case .credentialsDiffer: "payg reconcile FILE compares the whole list"
        case .ownList: "ask the provider for its own list of today, or name each unit's count: --unit ID --count N"
        case .takeoverWithoutHandover: "payg unit reclaim takes a unit back; --copy goes with units made here"
        case .countNotTold: "give the profile a column with field: count, or write a copy with --copy"
        case .selectionChanged: "somebody else works on the registry; ask again"
        case .exportNotRepeatable(let number, _): "payg export show \(number) has its units and counts"
        case .noUnitsChosen: "payg unit list shows which there are, and who makes their tokens"
        case .registryExists: "--registry FILE makes another one"
        case .keyFileExists: "--key-file FILE makes another one; keep this one, a registry may need it"
        case .leftover: "move it away, or bring the registry back that it belongs to"
        case .phoneWithoutCountry: countryHint
        case .customerDiffers(let reference, _):
            "payg customer show \(quoted(reference.text)) shows what is there; payg customer edit changes it"
        case .unitHeld(let id, _): "payg unassign \(quoted(id.text)) takes it back first"
        case .unitNotHeld(let id): "payg unit show \(quoted(id.text))"
        case .unitHeldUntil(_, let customer, _), .unitHeldSince(_, let customer, _):
            "payg customer show \(quoted(customer.text)) has every date; write one with its time as “2026-11-03 09:00”"
        case .customerHoldsNoUnit(let reference): "payg assign UNIT \(quoted(reference.text)) gives them one"
        case .customerHoldsSeveral: "name the unit: payg issue UNIT --days N"
        case .referenceUsed: "a new payment needs a reference of its own"
        case .tokensMadeElsewhere(let id, _, _):
            "payg unit reclaim \(quoted(id.text)) --count N --reason TEXT takes it back, with the provider's count"
        case .alreadyHandedOver(let id, let provider):
            "--all exports it to \(provider) again; to another with the count that \(provider) reports: "
                + "--unit \(quoted(id.text)) --count N --reason TEXT, or after payg unit reclaim"
        case .tokensMadeHere(let id): "payg unit show \(quoted(id.text))"
        case .countsExhausted: "the unit needs a new starting point from its maker"
        case .unitNotListed: "name the list that the maker sent for it"
        case .nothingToExport: "payg unit list shows who makes each unit's tokens"
        case .productMissing: "--product NAME gives one for all"
        case .productsNotNamed(let products, let profile, _):
            "payg profile set \(profile) \(products.first ?? "KEY") NAME gives it, once and for all"
        case .noProductFor(_, let profile, _):
            "--product NAME says what they are; the profile \(profile) has the rule by model"
        case .valueMissing: "export the others with --unit, or give the column a default in a profile of your own"
        case .formulaCell:
            "set the value right; a profile of your own with formulas: apostrophe writes it as text"
        case .notInEncoding: "a profile of your own with encoding: utf-8 has every character, if the provider takes it"
        case .ageMissing: "apt-get install age, or brew install age"
        case .recipientRefused: "ask the provider for its age recipient, age1…"
        case .inputMissing: "check the name and the folder"
        case .inputUnreadable: "it must be a file that you may read"
        case .badInput, .listNotCompared, .deviceNotMade: nil
        case .planNotRun: "payg unit test-plan UNIT -o FILE writes one"
        case .paymentsRefused(_, let problems, _, let areRules):
            if areRules {
                "without --atomic the other payments get their tokens"
            } else if problems.contains(where: { $0.kind == .header }) {
                "a list of payments has the columns Reference, Unit or Customer, and Days or Until"
            } else {
                "set them right and give the list again: no payment got its tokens"
            }
        case .dateIsPast: nil
        case .replacedAlready(let old, let new, _):
            "payg audit tokens --unit \(quoted(new.text)) lists the tokens it got, and --unit \(quoted(old.text)) the one that locks"
        case .paymentsStopped: "the same list again goes on: no payment gets its tokens twice"
        case .tokensNotWritten: "the same list again, with another -o, writes the same tokens"
        case .planNotWritten: "the same again, with another -o, writes a plan with tokens of its own"
        case .reportNotWritten: "the same list again, with another --html, writes what still differs"
        case .foreignFile: nil
        case .outputExists: "choose another name, or move that file away"
        case .outputFailed: "make the folder, make room, or choose a folder that you may write to"
        case .outputNotPlaced(_, let finished, _, _):
            finished.map { "mv -n \(quoted($0)) ANOTHER-NAME" } ?? "the same export with --all writes the units again"
        case .deviceNotPlaced: "the same again, with another --state, makes it, and is on record too"
        case .folderNotEmpty: "choose a new or empty folder"
        case .registryMissing: "payg init makes one; --registry FILE or PAYG_REGISTRY names another"
        case .notARegistry: "--registry FILE or PAYG_REGISTRY names another"
        case .registryNewer: "install the newest payg"
        case .registryBusy: "try again in a moment"
        case .registryUncertain:
            "see to the disk, then look before asking again: payg audit events; a payment's reference never gets two tokens"
        case .registryDamaged: "write nothing more to it; copy it and what is beside it away before any repair"
        case .keyFileMissing:
            "put the registry's key file back there, or name it with --key-file FILE or PAYG_KEY_FILE; where it is lost, "
                + "payg key restore makes it again from the recovery sheet"
        case .keyFileUnreadable: "it must be a file that you may read; --key-file FILE or PAYG_KEY_FILE names another"
        case .notAKeyFile, .keyFileOfAnotherRegistry:
            "name the registry's own key file with --key-file FILE or PAYG_KEY_FILE"
        case .registryExposed: "payg doctor --fix makes it its owner's alone"
        case .keyFileExposed:
            "payg doctor --fix makes it its owner's alone; where somebody may have read it, payg key rotate changes the key"
        case .restoreLoses(_, let loss):
            loss == .newer
                ? "--force restores all the same, and keeps what is there under another name"
                : "--force puts the copy in its place, and keeps what is there under another name"
        case .registryChanged: "try again, best when nobody works on it"
        case .copyBroken: "another copy may be whole; where only rows do not fit, --force restores it as it is"
        case .keyFileDamaged:
            "a copy of it will do; without one, payg key restore makes it again from the recovery sheet"
        case .keyFileNewer: "install the newest payg"
        case .passphraseMissing:
            "--passphrase-file FILE, --passphrase-fd N or PAYG_PASSPHRASE_FILE says where it is read from"
        case .wrongPassphrase:
            "forgotten, it is lost; payg key restore makes the key file again from the recovery sheet"
        case .passphraseEmpty: "write it there, as one line"
        case .keyFileNotOfTrail:
            "name the file with that key with --key-file FILE; without --key-file what needs no key is checked"
        case .keyChanged: "the same again goes on with the new key"
        case .newPassphraseMissing:
            "in a terminal it is asked for; --passphrase-file FILE, or --new-passphrase-file FILE with payg key rotate, "
                + "says where it is read from"
        case .recoveryOfAnotherKey:
            "take the sheet with the registry's key; --registry FILE names another registry, or one that is not there for "
                + "a key of before"
        case .qrencodeMissing: "apt-get install qrencode, or brew install qrencode; --no-qr does without"
        case .qrCodeFailed: "--no-qr does without"
        case .badRecovery: "payg key restore, in a terminal, asks for it line by line"
        case .credentialsDoNotOpen: "payg audit verify names every row that does not fit"
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
