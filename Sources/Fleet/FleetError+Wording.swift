extension FleetError: CustomStringConvertible {
    /// What happened, and what was left unchanged.
    public var description: String {
        switch self {
        case .badValue(let what, let problem):
            "the \(what) \(problem)"
        case .noTerminal:
            "the keypad takes a whole terminal, and input or output is none; nothing was changed"
        case .terminalTooSmall(let columns, let lines):
            "the terminal has \(columns) columns and \(lines) lines, and the keypad takes 80 and 24; "
                + "nothing was changed"
        case .notConfirmed(let what, _):
            "\(what); nothing was changed"
        case .phoneWithoutCountry:
            "the phone has no country code behind a +"

        case .unitNotFound(let id, let nearest):
            "no unit \(id) in the registry" + Self.near(nearest)
        case .customerNotFound(let reference, let nearest):
            "no customer \(reference) in the registry" + Self.near(nearest)
        case .noTokens(let whose):
            "no token was issued for \(whose)"
        case .noUnitsChosen:
            "no unit of the registry is among those chosen; nothing was compared"
        case .dispatchNotFound(let number):
            "no dispatch \(number) in the registry"
        case .exportNotFound(let number):
            "no export \(number) in the registry"
        case .profileNotFound(let name, let known):
            "no provider profile “\(name)”; there are \(known.joined(separator: ", "))"

        case .registryExists(let path):
            "there is a file at \(path) already, and a registry is never overwritten; nothing was changed"
        case .leftover(let path):
            "\(path) is left of a registry that is not there, and SQLite would write it into a new one; "
                + "nothing was changed"
        case .keyFileExists(let path):
            "there is a file at \(path) already, and a key file is never overwritten; nothing was changed"
        case .customerDiffers(let reference, let facts):
            "customer \(reference) is in the registry with another \(CustomerFact.joined(facts)); nothing was changed"
        case .unitHeld(let id, let customer):
            "unit \(id) is held by customer \(customer); nothing was changed"
        case .unitNotHeld(let id):
            "no customer holds unit \(id); nothing was changed"
        case .unitHeldUntil(let id, let customer, let until):
            "unit \(id) was with customer \(customer) until \(until.exactlyReadable); nothing was changed"
        case .unitHeldSince(let id, let customer, let since):
            "unit \(id) is with customer \(customer) since \(since.exactlyReadable); nothing was changed"
        case .customerHoldsNoUnit(let reference):
            "customer \(reference) holds no unit; no token was made"
        case .customerHoldsSeveral(let reference, let units):
            "customer \(reference) holds \(units.count) units: \(Self.some(units)); no token was made"
        case .daysNotAllowed(let days, let unit, let smallest, let largest):
            "\(days.counted) cannot be put into tokens for \(unit): "
                + (smallest.denominator == 1
                    ? "it takes whole days, from 1 to \(largest)"
                    : "it takes from \(smallest) to \(largest) days, in steps of \(smallest)") + "; no token was made"
        case .referenceUsed(let tokens):
            "payment \(tokens.first?.reference?.text ?? "") was already used for unit \(tokens.first?.unit.text ?? "") "
                + "(\(tokens.request.map { "\($0), " } ?? "")token \(tokens.map(\.token.grouped).joined(separator: ", ")), "
                + "\(tokens.first?.issuedAt.readable ?? "")); no token was made"
        case .tokensMadeElsewhere(let unit, let provider, let export):
            "\(provider) makes the tokens of unit \(unit)\(export.map { " since export \($0)" } ?? ""), and two makers "
                + "would use the same counts; nothing was changed"
        case .tokensMadeHere(let unit):
            "the tokens of unit \(unit) are made here; nothing was changed"
        case .countsExhausted(let unit):
            "unit \(unit) has used its last count; no token was made"
        case .paidTooFar(let unit):
            "unit \(unit) would be paid until after the year 9999; no token was made"
        case .paidAlready(let unit, let until):
            "unit \(unit) is paid until \(until.readable) already; no token was made"
        case .dateIsPast(let unit, let date):
            "\(date.readable) is past; no token was made for unit \(unit)"
        case .replacedAlready(let old, let new, let moment):
            "unit \(old) was replaced by \(new) on \(moment.readable); nothing was changed"
        case .unitUnlocked(let unit):
            "unit \(unit) is unlocked and needs no token; no token was made"
        case .unitRetired(let unit, let moment):
            "unit \(unit) was retired on \(moment.readable); nothing was changed"
        case .productMissing(let profile):
            "\(profile) wants a product's name for every unit; no file was written"
        case .countTooLow(let unit, let given, let registry):
            "unit \(unit) has count \(registry) here, and \(given) is lower: counts would be used twice; "
                + "nothing was changed"
        case .countUsed(let unit, let given, let highest):
            "count \(highest) of unit \(unit) was used or handed on, and \(given) is lower: counts would be used twice; "
                + "nothing was changed"
        case .notATokenOf(let unit, let last):
            "it is no token of unit \(unit) up to count \(last); nothing was changed"
        case .unitInUse(let unit, let customer):
            "unit \(unit) \(customer.map { "is with customer \($0)" } ?? "has time that was paid"), and a test would take "
                + "away what it has; no token was made"
        case .notRetired(let unit):
            "unit \(unit) is not retired; nothing was changed"
        case .unitNotListed(let unit, let file):
            "\(file) has no unit \(unit); nothing was changed"
        case .nothingToExport:
            "no unit to export: none is selected whose tokens are made here; no file was written"
        case .alreadyHandedOver(let unit, let provider):
            "unit \(unit) was handed over to \(provider), who makes its tokens; no file was written"
        case .notHandedOver(let unit):
            "the tokens of unit \(unit) are made here, so there is no count to take over; no file was written"
        case .credentialsDiffer(let unit, let file):
            "\(file) has other credentials for unit \(unit) than the registry; no file was written"
        case .ownList(let file, let what):
            "\(file) is \(what), with the counts of then, and the provider has made tokens since; no file was written"
        case .takeoverWithoutHandover:
            "units would be taken from their provider and handed to nobody; no file was written"
        case .countNotTold(let profile):
            "\(profile) has secret keys and no count: whoever gets the file would use counts again; no file was written"
        case .selectionChanged(let expected, let found):
            "the units are others by now: \(expected) \(expected == 1 ? "was" : "were") asked about, and it would be "
                + "\(found); no file was written"
        case .exportNotRepeatable(let number, let reason):
            "export \(number) cannot be written again byte for byte: \(reason); no file was written"
        case .valueMissing(let field, let units, let profile):
            "\(profile) wants a \(field) for every unit, and \(Self.some(units)) "
                + "\(units.count == 1 ? "has" : "have") none; no file was written"
        case .productsNotNamed(let products, _, let title):
            "\(title) knows units by its products' names, and the \(products.count == 1 ? "name" : "names") of "
                + "\(products.joined(separator: ", ")) \(products.count == 1 ? "was" : "were") not given yet; "
                + "no file was written"
        case .noProductFor(let units, _, let title):
            "no product of \(title) is for the hardware model of \(Self.some(units)); no file was written"
        case .formulaCell(let field, let units, let profile):
            "the \(field) of \(Self.some(units)) begins as a formula does, which a spreadsheet would run, and \(profile) "
                + "takes it as it is; no file was written"
        case .notInEncoding(let field, let units, let encoding, let profile):
            "the \(field) of \(Self.some(units)) has a character that \(encoding) has not, as \(profile) wants the file; "
                + "no file was written"

        case .inputMissing(let path):
            "no file \(path)"
        case .inputUnreadable(let path, let reason):
            "\(path) cannot be read: \(reason)"
        case .badInput(let file, let problems, let total, _, _):
            "\(file) was not imported: \(Self.counted(total, "problem")); nothing was changed"
                + Self.listed(problems, total)
        case .listNotCompared(let file, let problems, let total, _, _):
            "\(file) was not compared: \(Self.counted(total, "problem")); nothing was changed"
                + Self.listed(problems, total)
        case .deviceNotMade(let file, let problems, let total):
            "no simulated unit was made of \(file): \(Self.counted(total, "problem")); nothing was changed"
                + Self.listed(problems, total)
        case .planNotRun(let file, let problems, let total):
            "\(file) was not run: \(Self.counted(total, "problem")); nothing was changed" + Self.listed(problems, total)
        case .paymentsStopped(let met, let all, let reason):
            "\(met) of \(all) payments have their tokens, and the others "
                + (reason.isUncertain ? "may have some" : "do not") + "; no file was written, because "
                + "\(reason)".replacing("; nothing was changed", with: "")
        case .paymentsRefused(let file, let problems, let total, _):
            "no token was issued for \(file): \(Self.counted(total, "problem")); nothing was changed"
                + Self.listed(problems, total)
        case .foreignFile(let name, let kind):
            "\(name) is \(kind.title), and no list of separated values; nothing was changed"
        case .badProfile(let name, let problem):
            "the profile \(name) cannot be used: \(problem)"
        case .badCheckpoint(let file, let line, let problem):
            "line \(line) of \(file): the checkpoint \(problem)"
        case .trailNewer(let name):
            "\(name) was written by a newer payg; it was not checked"
        case .badTemplate(let name, let problem):
            "the template \(name) cannot be used: \(problem)"

        case .badRecovery(let problem):
            "that is no recovery sheet of a key: \(problem); no key file was made"

        case .notADevice(let path):
            "\(path) is not the state file of a simulated unit; nothing was changed"
        case .deviceDamaged(let path, let problem):
            "the state file \(path) is damaged: \(problem); it was left as it is"
        case .deviceNewer(let path):
            "the state file \(path) was written by a newer payg; it was left as it is"
        case .deviceBusy(let path):
            "another program has the simulated unit \(path) in use; nothing was changed"

        case .outputExists(let path):
            "there is a file at \(path) already, and it is never overwritten; nothing was changed"
        case .outputFailed(let path, let reason):
            "\(path) cannot be written: \(reason); nothing was changed"
        case .outputNotPlaced(let path, let finished, let reason, let export):
            "export \(export) is on record, but \(path) could not be put in place: \(reason); "
                + (finished.map { "the finished file is \($0)" } ?? "the file is lost")
        case .tokensNotWritten(let path, let reason):
            "the tokens are issued, but \(path) could not be put in place: \(reason)"
        case .planNotWritten(let path, let reason):
            "the test tokens are issued, but \(path) could not be put in place: \(reason)"
        case .reportNotWritten(let path, let reason):
            "the counts are taken, and on record, but \(path) could not be put in place: \(reason)"
        case .deviceNotPlaced(let path, let reason):
            "the simulated unit is on record, but \(path) could not be put in place: \(reason); nothing of it is left"
        case .folderNotEmpty(let path):
            "the folder \(path) is not empty; nothing was changed"
        case .ageMissing:
            "there is no program age here, which encrypts the file; nothing was changed"
        case .qrencodeMissing:
            "there is no program qrencode here, which draws the QR code; nothing was changed"
        case .qrCodeFailed(let reason):
            "the QR code cannot be drawn: \(reason); nothing was changed"
        case .recipientRefused(let recipient, let reason):
            "the file cannot be encrypted for “\(recipient)”: \(reason); nothing was changed"

        case .registryMissing(let path):
            "no registry at \(path)"
        case .notARegistry(let path):
            "\(path) is not a payg registry; it was left as it is"
        case .registryNewer(let path):
            "the registry \(path) was written by a newer payg; it was left as it is"
        case .registryBusy(let path):
            "another program is writing to the registry \(path); nothing was changed"
        case .registryDamaged(let path, let reason):
            "the registry \(path) is damaged: \(reason)"
        case .registryFailed(let path, let reason):
            "the registry \(path) could not be used: \(reason); nothing was changed"
        case .registryUncertain(let path, let reason):
            "\(reason) while the registry \(path) was written: what was asked for may be done, wholly, or not at all"

        case .registryExposed(let path, let problem):
            "the registry's file \(path) \(problem); nothing was changed"
        case .restoreLoses(let registry, let loss):
            "the registry \(registry) \(loss.why); nothing was changed"
        case .registryChanged(let path):
            "somebody else works on the registry \(path), and it is not what was looked at any more; nothing was changed"
        case .copyBroken(let path, let problems, let total):
            "\(path) is no good copy of a registry: \(Self.counted(total, "problem")); nothing was changed"
                + problems.prefix(Self.shown).map { "\n  \($0)" }.joined()
                + (total > Self.shown ? "\n  and \(total - min(Self.shown, problems.count)) more" : "")

        case .keyFileExposed(let path, let problem):
            "the key file \(path) \(problem), and so is not used; nothing was changed"
        case .keyFileMissing(let path):
            "no key file at \(path), and credentials cannot be sealed or opened without it; nothing was changed"
        case .keyFileUnreadable(let path, let reason):
            "the key file \(path) cannot be read: \(reason); nothing was changed"
        case .notAKeyFile(let path):
            "\(path) is not a payg key file; nothing was changed"
        case .keyFileOfAnotherRegistry(let path):
            "the key file \(path) is not the one this registry was sealed with; nothing was changed"
        case .keyFileNotOfTrail(let path, let key, let event?):
            "the key file \(path) has a former key, which event \(event) of the trail changed; its events are checked with "
                + "the last one, \(key)"
        case .keyFileNotOfTrail(let path, let key, nil):
            "the key file \(path) is not that of the trail's registry, which has the key \(key)"
        case .keyFileDamaged(let path, let problem):
            "the key file \(path) is damaged: \(problem); nothing was changed"
        case .keyFileNewer(let path):
            "the key file \(path) was written by a newer payg; nothing was changed"
        case .passphraseMissing(let path):
            "the key file \(path) has a passphrase, and there is nobody here to ask for it; nothing was changed"
        case .newPassphraseMissing(let path):
            "the key file \(path) is to have a passphrase, and there is nobody here to type it; nothing was changed"
        case .wrongPassphrase(let path):
            "that is not the passphrase of the key file \(path); nothing was changed"
        case .passphraseEmpty(let source):
            "\(source) has nothing on its first line, where the passphrase is read from; nothing was changed"
        case .keyChanged(let path):
            "the key of the registry \(path) was changed meanwhile; nothing else was"
        case .recoveryOfAnotherKey(let key, let registry):
            "the sheet has the key \(key), and the registry is sealed with \(registry); no key file was made"
        case .credentialsDoNotOpen(let unit):
            "the sealed credentials of unit \(unit) do not open: they were altered, or belong to another unit"
        }
    }

    /// Whether it is not known what became of the change.
    private var isUncertain: Bool {
        if case .registryUncertain = self { true } else { false }
    }

    /// How many problems of a file are told one by one.
    private static let shown = 50

    private static func listed(_ problems: [RowProblem], _ total: Int) -> String {
        problems.prefix(shown).map { "\n  \($0)" }.joined()
            + (total > shown ? "\n  and \(total - min(shown, problems.count)) more" : "")
    }

    private static func near(_ names: [String]) -> String {
        names.isEmpty ? "" : "; the nearest: \(names.joined(separator: ", "))"
    }

    private static func some(_ units: [PaygID]) -> String {
        let shown = units.prefix(5).map(\.text).joined(separator: ", ")
        return units.count > 5 ? "\(shown) and \(units.count - 5) more" : shown
    }

    private static func counted(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)\(number == 1 ? "" : "s")"
    }
}
