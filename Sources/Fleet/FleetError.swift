import OpenPAYGO

/// Why the registry did not do what it was asked.
///
/// Wording, for every case: lower case, no full stop; what happened, and what
/// was left unchanged where that is in doubt. What to do next is for whoever
/// shows the error to say: a command line and a web page offer different ways.
/// No case carries a credential.
public enum FleetError: Error, Equatable, Sendable {
    // Wrong usage
    /// A name or number that cannot be what it is given as.
    case badValue(what: String, problem: String)
    /// What takes a whole screen was asked for where there is none.
    case noTerminal
    case terminalTooSmall(columns: Int, lines: Int)
    /// What must be confirmed was not; the option that confirms it, where it
    /// was not asked about.
    case notConfirmed(String, option: String?)
    /// A number as it is dialled inside a country, and no country.
    case phoneWithoutCountry

    // Not found
    case unitNotFound(PaygID, nearest: [String])
    case customerNotFound(CustomerReference, nearest: [String])
    case dispatchNotFound(Int)
    case exportNotFound(Int)
    /// None of the registry's units is what was chosen.
    case noUnitsChosen
    /// There is nothing to print or to tell: no token was issued.
    case noTokens(of: String)
    case profileNotFound(String, known: [String])

    // Refused by a rule
    case registryExists(path: String)
    case keyFileExists(path: String)
    /// What SQLite keeps beside a registry is there without one.
    case leftover(path: String)
    case customerDiffers(CustomerReference, in: [CustomerFact])
    case unitHeld(PaygID, by: CustomerReference)
    case unitNotHeld(PaygID)
    /// A date lies within an assignment that has ended.
    case unitHeldUntil(PaygID, by: CustomerReference, until: Timestamp)
    /// A date does not fit the assignment that there is.
    case unitHeldSince(PaygID, by: CustomerReference, since: Timestamp)
    case customerHoldsNoUnit(CustomerReference)
    case customerHoldsSeveral(CustomerReference, units: [PaygID])
    case daysNotAllowed(Days, unit: PaygID, smallest: Days, largest: Days)
    case referenceUsed(by: [IssuedToken])
    case tokensMadeElsewhere(PaygID, provider: String, export: Int?)
    case tokensMadeHere(PaygID)
    case countsExhausted(PaygID)
    case paidTooFar(PaygID)
    case paidAlready(PaygID, until: Timestamp)
    case dateIsPast(PaygID, Timestamp)
    case unitUnlocked(PaygID)
    case replacedAlready(PaygID, by: PaygID, at: Timestamp)
    case unitRetired(PaygID, at: Timestamp)
    case countTooLow(PaygID, given: TokenCount, registry: TokenCount)
    /// A count that was used already, or given to somebody who uses what comes after it.
    case countUsed(PaygID, given: TokenCount, highest: TokenCount)
    /// No count within reach has this token.
    case notATokenOf(PaygID, lookedUpTo: TokenCount)
    case notRetired(PaygID)
    /// A test would take away what a customer has.
    case unitInUse(PaygID, by: CustomerReference?)
    case unitNotListed(PaygID, file: String)
    case nothingToExport
    case alreadyHandedOver(PaygID, provider: String)
    /// A provider's report names a unit that it does not have.
    case notHandedOver(PaygID)
    case credentialsDiffer(PaygID, file: String)
    /// A list of counts that is not the provider's.
    case ownList(file: String, what: String)
    /// Units would be taken from a provider and given to nobody.
    case takeoverWithoutHandover
    /// A file with keys, and without where to go on from.
    case countNotTold(profile: String)
    case selectionChanged(expected: Int, found: Int)
    case exportNotRepeatable(Int, reason: String)
    case productMissing(profile: String)
    /// Products whose names at the provider nobody gave yet, by their keys.
    case productsNotNamed([String], profile: String, title: String)
    /// Units with a hardware model that no product of the profile is for, or without one.
    case noProductFor([PaygID], profile: String, title: String)
    case valueMissing(field: String, units: [PaygID], profile: String)
    /// Cells that a spreadsheet would run.
    case formulaCell(field: String, units: [PaygID], profile: String)
    /// Cells with a character that the file's encoding does not have.
    case notInEncoding(field: String, units: [PaygID], encoding: String, profile: String)

    // Input
    case inputMissing(path: String)
    case inputUnreadable(path: String, reason: String)
    /// Rows that are not understood, and how many there are in all.
    /// `rows` is how many rows were read, and `rejected` how many of them have
    /// problems; 0 where the file was given up before.
    case badInput(file: String, problems: [RowProblem], total: Int, rows: Int = 0, rejected: Int = 0)
    /// The same of a list that was only to be compared.
    case listNotCompared(file: String, problems: [RowProblem], total: Int, rows: Int = 0, rejected: Int = 0)
    /// The same of a list that a simulated unit was to be made of.
    case deviceNotMade(file: String, problems: [RowProblem], total: Int)
    /// The same of a test plan that was to be run.
    case planNotRun(file: String, problems: [RowProblem], total: Int)
    /// Payments of which none got a token: rows that are not understood, or,
    /// where all or none was asked for, that a rule stands against.
    case paymentsRefused(file: String, problems: [RowProblem], total: Int, areRules: Bool)
    /// Some payments of a list have their tokens, and then something else failed.
    indirect case paymentsStopped(met: Int, of: Int, because: FleetError)
    /// A file that may hold a list, and is none itself.
    case foreignFile(name: String, ForeignFile)
    /// A file that is no state file of a simulated unit.
    case notADevice(path: String)
    /// A state file that is not as it was written.
    case deviceDamaged(path: String, problem: String)
    case deviceNewer(path: String)
    /// Another program has the state file in use.
    case deviceBusy(path: String)
    case badProfile(name: String, problem: String)
    /// A line of a file of checkpoints that is none.
    case badCheckpoint(file: String, line: Int, problem: String)
    /// An exported trail in a format that is not known yet.
    case trailNewer(name: String)
    case badTemplate(name: String, problem: String)
    /// The text of a recovery sheet that is none, or has a slip.
    case badRecovery(problem: String)

    // Output
    case outputExists(path: String)
    case outputFailed(path: String, reason: String)
    /// The record says that the file was written, and it could not be put in
    /// place. It is kept under another name; nil where it is lost.
    case outputNotPlaced(path: String, finished: String?, reason: String, export: Int)
    /// Tokens are issued, and the file that tells them could not be put in place.
    case tokensNotWritten(path: String, reason: String)
    /// Test tokens are issued, and the plan that tells them could not be put in place.
    case planNotWritten(path: String, reason: String)
    /// Counts were taken, and the report that tells them could not be put in place.
    case reportNotWritten(path: String, reason: String)
    /// It is on record that a simulated unit got a unit's credentials, and its
    /// file could not be put in place.
    case deviceNotPlaced(path: String, reason: String)
    case folderNotEmpty(path: String)
    /// The program that files are encrypted with is not there.
    case ageMissing
    /// The program that draws QR codes is not there.
    case qrencodeMissing
    /// The program that draws QR codes did not.
    case qrCodeFailed(reason: String)
    /// Somebody a file was to be encrypted for.
    case recipientRefused(String, reason: String)

    // The registry file
    case registryMissing(path: String)
    case notARegistry(path: String)
    case registryNewer(path: String)
    case registryBusy(path: String)
    case registryDamaged(path: String, reason: String)
    case registryFailed(path: String, reason: String)
    /// The disk failed while a change was made durable: it may be there when the
    /// registry is opened again, wholly, or not at all.
    case registryUncertain(path: String, reason: String)
    /// Others than its owner may read or write it, and it was to be written.
    case registryExposed(path: String, problem: String)
    /// What is in the place of a registry that is restored has what would be lost.
    case restoreLoses(registry: String, Loss)
    /// Somebody worked on it while it was looked at.
    case registryChanged(path: String)

    // A copy of the registry
    /// A copy is not what was copied, or does not prove itself.
    case copyBroken(path: String, problems: [String], total: Int)

    // The key file
    case keyFileMissing(path: String)
    case keyFileUnreadable(path: String, reason: String)
    case notAKeyFile(path: String)
    case keyFileOfAnotherRegistry(path: String)
    /// It is not the one whose id an exported trail has; it may be one that its
    /// registry had before.
    case keyFileNotOfTrail(path: String, trailKey: KeyID, changedBy: Int?)
    /// Others than its owner may read it.
    case keyFileExposed(path: String, problem: String)
    /// A protected key file that is not as it was written.
    case keyFileDamaged(path: String, problem: String)
    case keyFileNewer(path: String)
    /// A protected key file, and nobody to ask for its passphrase.
    case passphraseMissing(path: String)
    case wrongPassphrase(path: String)
    /// The file or descriptor that is to have a passphrase has nothing on its first line.
    case passphraseEmpty(source: String)
    /// A key file that is to be protected, and nobody to ask for a passphrase.
    case newPassphraseMissing(path: String)
    /// Another program changed the registry's key since it was opened here.
    case keyChanged(path: String)
    /// A recovery sheet of another key than the registry's.
    case recoveryOfAnotherKey(KeyID, registry: KeyID)
    case credentialsDoNotOpen(PaygID)
}

extension FleetError {
    /// The kinds of failure that a caller tells apart.
    public enum Kind: Sendable {
        case failed, wrongUsage, notFound, refused, badInput, noInput, cannotWrite, busy, key, newer
    }

    /// What kind of failure it is.
    public var kind: Kind {
        switch self {
        case .badValue, .noTerminal, .terminalTooSmall, .phoneWithoutCountry, .notConfirmed(_, _?), .recipientRefused:
            .wrongUsage
        case .notConfirmed(_, nil):
            .refused
        case .unitNotFound, .customerNotFound, .dispatchNotFound, .exportNotFound, .noUnitsChosen, .noTokens,
            .profileNotFound, .unitNotListed:
            .notFound
        case .registryExists, .keyFileExists, .outputExists, .folderNotEmpty, .leftover, .customerDiffers, .unitHeld,
            .unitNotHeld,
            .unitHeldUntil, .unitHeldSince,
            .customerHoldsNoUnit,
            .customerHoldsSeveral, .daysNotAllowed, .referenceUsed, .tokensMadeElsewhere, .tokensMadeHere,
            .countsExhausted, .paidTooFar, .paidAlready, .dateIsPast, .replacedAlready, .unitUnlocked, .unitRetired,
            .productMissing, .productsNotNamed, .noProductFor, .countTooLow,
            .countUsed, .notATokenOf, .notRetired, .nothingToExport, .alreadyHandedOver, .valueMissing,
            .formulaCell, .notInEncoding, .ownList, .takeoverWithoutHandover, .countNotTold, .notHandedOver, .unitInUse,
            .credentialsDiffer, .selectionChanged, .registryExposed, .restoreLoses, .registryChanged,
            .exportNotRepeatable:
            .refused
        case .paymentsRefused(_, _, _, true): .refused
        case .paymentsStopped(_, _, let reason): reason.kind
        case .paymentsRefused(_, _, _, false), .badInput, .listNotCompared, .deviceNotMade, .planNotRun, .foreignFile,
            .badProfile, .badTemplate, .badCheckpoint, .badRecovery, .notADevice, .deviceDamaged, .notARegistry,
            .registryDamaged, .copyBroken:
            .badInput
        case .inputMissing, .inputUnreadable, .registryMissing:
            .noInput
        case .registryUncertain, .deviceNotPlaced, .planNotWritten, .outputFailed, .outputNotPlaced, .tokensNotWritten,
            .reportNotWritten, .ageMissing, .qrencodeMissing, .qrCodeFailed:
            .cannotWrite
        case .registryBusy, .deviceBusy:
            .busy
        case .keyFileMissing, .keyFileUnreadable, .notAKeyFile, .keyFileOfAnotherRegistry, .keyFileExposed,
            .keyFileDamaged, .passphraseMissing, .newPassphraseMissing, .wrongPassphrase,
            .passphraseEmpty, .keyChanged, .keyFileNotOfTrail,
            .recoveryOfAnotherKey,
            .credentialsDoNotOpen:
            .key
        case .registryNewer, .deviceNewer, .trailNewer, .keyFileNewer:
            .newer
        case .registryFailed:
            .failed
        }
    }
}
