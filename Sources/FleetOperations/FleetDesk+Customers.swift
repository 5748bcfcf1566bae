import CredentialFiles
import Fleet
import FleetStore

extension FleetDesk {
    /// Adds a customer. One that is there just so is left as it is.
    ///
    /// - Parameter country: where a national phone number is.
    /// - Returns: whether the customer was new.
    /// - Throws: ``FleetError/customerDiffers(_:in:)``,
    ///   ``FleetError/phoneWithoutCountry``, ``FleetError/badValue(what:problem:)``.
    public func addCustomer(_ customer: Customer, country: Country? = nil) throws(FleetError) -> Bool {
        var isNew = false
        try registry.addCustomers(country: country, at: now(), actor: actor) { add in isNew = try add(customer) }
        return isNew
    }

    /// Adds the customers of a list, all or none.
    ///
    /// - Parameters:
    ///   - country: where national phone numbers are.
    ///   - ignoring: headers of columns that are to mean nothing.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``; the file's errors.
    public func importCustomers(
        _ path: String, country: Country? = nil, ignoring: [String] = []
    ) throws(FleetError) -> CustomerImportSummary {
        var summary = CustomerImportSummary()
        try registry.addCustomers(country: country, at: now(), actor: actor) { add in
            summary = try CustomerListReader.read(path, ignoring: ignoring, add: add)
        }
        return summary
    }

    /// Changes what is known of a customer.
    ///
    /// - Returns: the customer as they are now, and what is not as it was.
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func editCustomer(
        _ reference: CustomerReference, _ edit: CustomerEdit
    ) throws(FleetError) -> (customer: Customer, changed: [CustomerFact]) {
        try registry.editCustomer(reference, edit, at: now(), actor: actor)
    }

    /// The customers, by reference, with the units they hold.
    ///
    /// - Parameter search: any part of their reference, name or phone, or of
    ///   the PAYG ID of a unit they hold.
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public func customers(search: String? = nil) throws(FleetError) -> [Customer] {
        try registry.customers(search: search)
    }

    /// One customer.
    ///
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func customer(_ reference: CustomerReference) throws(FleetError) -> Customer {
        try registry.customer(reference)
    }

    /// The units that a customer holds or held, the latest last.
    ///
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func assignments(of customer: CustomerReference) throws(FleetError) -> [Assignment] {
        try registry.assignments(of: customer)
    }

    /// Who holds a unit or held it, the latest last.
    ///
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``.
    public func assignments(of unit: PaygID) throws(FleetError) -> [Assignment] {
        try registry.assignments(of: unit)
    }

    /// Gives a unit to a customer.
    ///
    /// - Parameter since: from when on, if not from now on.
    /// - Returns: who holds what, and whether that is new.
    /// - Throws: ``FleetError/unitHeld(_:by:)`` and its kin; not found.
    public func assign(
        _ unit: PaygID, to customer: CustomerReference, since: Timestamp? = nil
    ) throws(FleetError) -> (assignment: Assignment, isNew: Bool) {
        try registry.assign(unit, to: customer, since: since, at: now(), actor: actor)
    }

    /// Takes a unit back from the customer who holds it.
    ///
    /// - Parameter date: when they no longer had it, if not now.
    /// - Returns: who held what, and when.
    /// - Throws: ``FleetError/unitNotHeld(_:)``,
    ///   ``FleetError/unitHeldSince(_:by:since:)``; not found.
    public func unassign(_ unit: PaygID, on date: Timestamp? = nil) throws(FleetError) -> Assignment {
        try registry.unassign(unit, on: date, at: now(), actor: actor)
    }
}
