import Fleet

/// Which name of the provider's each unit's product has.
struct ProductChoice {
    private let products: [Product]
    private let names: [String: String]
    /// One name for all units.
    private let forAll: String?
    private var last: (model: String?, key: Product?)?

    /// - Parameters:
    ///   - names: what the user called products, by their keys.
    ///   - product: what the user says all units are: a name, or a product's key.
    /// - Throws: ``FleetError/badValue(what:problem:)``;
    ///   ``FleetError/productMissing(profile:)`` where nothing says what the
    ///   units are; ``FleetError/productsNotNamed(_:profile:title:)``.
    init(_ profile: Profile, names: [String: String], product: String?) throws(FleetError) {
        products = profile.products
        var checked: [String: String] = [:]
        for (key, name) in names { checked[key] = try Self.checked(name) }
        for product in products where checked[product.key] == nil { checked[product.key] = product.name }
        self.names = checked
        guard let product else {
            guard !profile.namesProduct || !products.isEmpty else { throw .productMissing(profile: profile.title) }
            forAll = nil
            return
        }
        guard profile.namesProduct else {
            throw .badValue(what: "product", problem: "has no column in the file for \(profile.title)")
        }
        let name = try Self.checked(product)
        guard products.contains(where: { $0.key == name }) else {
            forAll = name
            return
        }
        guard let given = checked[name] else {
            throw .productsNotNamed([name], profile: profile.name, title: profile.title)
        }
        forAll = given
    }

    private static func checked(_ name: String) throws(FleetError) -> String {
        try Name.checked(name, as: "product", most: 128)
    }

    /// The name of a unit's product; nil where it has none, which is refused.
    mutating func name(of unit: FleetUnit, _ refusals: inout Refusals) -> String? {
        if let forAll { return forAll }
        let model = unit.build.hardwareModel
        if last == nil || last?.model != model { last = (model, products.first { $0.takes(model) }) }
        guard let product = last?.key else {
            refusals.addWithoutProduct(unit.id)
            return nil
        }
        guard let name = names[product.key] else {
            refusals.addNotNamed(product.key)
            return nil
        }
        return name
    }
}

/// Why a provider's file cannot be had with some units: it is told once all
/// were looked at, so that all are told.
struct Refusals {
    enum Problem: CaseIterable {
        case missing, formula, encoding
    }

    private var cells: [(problem: Problem, column: Int, units: [PaygID])] = []
    private var withoutProduct: [PaygID] = []
    private var notNamed: Set<String> = []

    mutating func add(_ problem: Problem, column: Int, _ unit: PaygID) {
        if let index = cells.firstIndex(where: { $0.problem == problem && $0.column == column }) {
            cells[index].units.append(unit)
        } else {
            cells.append((problem, column, [unit]))
        }
    }

    mutating func addWithoutProduct(_ unit: PaygID) {
        withoutProduct.append(unit)
    }

    mutating func addNotNamed(_ product: String) {
        notNamed.insert(product)
    }

    /// The first of them; nil where there are none.
    func error(_ profile: Profile) -> FleetError? {
        if !notNamed.isEmpty {
            let keys = profile.products.map(\.key).filter(notNamed.contains)
            return .productsNotNamed(keys, profile: profile.name, title: profile.title)
        }
        if !withoutProduct.isEmpty {
            return .noProductFor(withoutProduct, profile: profile.name, title: profile.title)
        }
        guard let (problem, column, units) = cells.first else { return nil }
        let header = profile.columns[column].header
        switch problem {
        case .missing: return .valueMissing(field: header, units: units, profile: profile.title)
        case .formula: return .formulaCell(field: header, units: units, profile: profile.title)
        case .encoding:
            guard case .separated(_, let encoding, _) = profile.form else { return nil }
            return .notInEncoding(field: header, units: units, encoding: encoding.rawValue, profile: profile.title)
        }
    }
}
