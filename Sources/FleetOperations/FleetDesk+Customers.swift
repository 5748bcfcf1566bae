import CredentialFiles
import Fleet
import FleetStore

extension FleetDesk {
    /// Adds a customer. One that is there just so is left as it is.
    ///
    /// - Returns: whether the customer was new.
    /// - Throws: ``FleetError/customerDiffers(_:)``.
    public func addCustomer(_ customer: Customer) throws(FleetError) -> Bool {
        var isNew = false
        try registry.addCustomers(at: now(), actor: actor) { add in isNew = try add(customer) }
        return isNew
    }

    /// Adds the customers of a list, all or none.
    ///
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``; the file's errors.
    public func importCustomers(_ path: String) throws(FleetError) -> CustomerImportSummary {
        var summary = CustomerImportSummary()
        try registry.addCustomers(at: now(), actor: actor) { add in
            summary = try CustomerListReader.read(path, add: add)
        }
        return summary
    }

    /// The customers, by reference, with the units they hold.
    public func customers() throws(FleetError) -> [Customer] {
        try registry.customers()
    }

    /// One customer.
    ///
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func customer(_ reference: CustomerReference) throws(FleetError) -> Customer {
        try registry.customer(reference)
    }

    /// Gives a unit to a customer.
    ///
    /// - Throws: ``FleetError/unitHeld(_:by:)``; not found.
    public func assign(_ unit: PaygID, to customer: CustomerReference) throws(FleetError) -> Assignment {
        try registry.assign(unit, to: customer, at: now(), actor: actor)
    }

    /// Takes a unit back from the customer who holds it.
    ///
    /// - Returns: who held what.
    /// - Throws: ``FleetError/unitNotHeld(_:)``; not found.
    public func unassign(_ unit: PaygID) throws(FleetError) -> Assignment {
        try registry.unassign(unit, at: now(), actor: actor)
    }
}
