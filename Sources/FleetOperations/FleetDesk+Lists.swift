import Fleet
import FleetStore

extension FleetDesk {
    /// The dispatches, first to last.
    public func dispatches() throws(FleetError) -> [DispatchRecord] {
        try registry.dispatches()
    }

    /// One dispatch and its units.
    ///
    /// - Throws: ``FleetError/dispatchNotFound(_:)``.
    public func dispatch(_ number: Int) throws(FleetError) -> (DispatchRecord, units: [FleetUnit]) {
        (try registry.dispatch(number), try registry.units(dispatch: number))
    }

    /// One unit and the tokens made for it, oldest first.
    ///
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``.
    public func unit(_ id: PaygID) throws(FleetError) -> (FleetUnit, tokens: [IssuedToken]) {
        (try registry.unit(id), try registry.tokens(HistoryFilter(unit: id)))
    }

    /// What became of a unit's credentials.
    ///
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``.
    public func past(of id: PaygID) throws(FleetError) -> UnitPast {
        try registry.past(of: id)
    }

    /// Units by PAYG ID; those that fit every given filter.
    ///
    /// - Parameters:
    ///   - search: any part of the PAYG ID, or of the reference, name or phone
    ///     of the customer who holds it.
    ///   - authority: who makes their tokens, `here` or a provider.
    public func units(
        search: String? = nil, customer: CustomerReference? = nil, dispatch: Int? = nil, authority: String? = nil
    ) throws(FleetError) -> [FleetUnit] {
        try registry.units(search: search, customer: customer, dispatch: dispatch, authority: authority)
    }

    /// The providers who make tokens for some unit, by name.
    public func providers() throws(FleetError) -> [String] {
        try registry.providers()
    }
}
