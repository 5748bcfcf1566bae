/// A payment of a list: an order with the reference that it is known by.
public struct Payment: Sendable {
    /// Its row in the list, the first row being 1.
    public let row: Int
    /// What is asked for.
    public let order: TokenOrder

    /// A payment, as listed.
    public init(row: Int, order: TokenOrder) {
        self.row = row
        self.order = order
    }
}

/// What came of a payment: its tokens, or why there are none.
public typealias PaymentOutcome = Result<TokenDelivery, FleetError>

/// What came of a list of payments.
public struct PaymentSummary: Sendable {
    /// Payments in the list.
    public var rows = 0
    /// Payments that got tokens now.
    public var issued = 0
    /// Payments that had got theirs before.
    public var alreadyIssued = 0
    /// Payments that got none.
    public var failed = 0
    /// The first of those, with the reason.
    public var problems = ProblemList()
    /// Headers of the columns that mean nothing here.
    public var ignoredColumns: [String] = []

    /// Nothing done yet.
    public init() {}
}

extension FleetError {
    /// Whether it stands in the way of one unit or customer only, and others
    /// can be served.
    public var concernsOne: Bool {
        if case .credentialsDoNotOpen = self { return true }
        return kind == .notFound || kind == .refused
    }
}
