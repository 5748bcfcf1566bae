import Fleet

/// The rows that a provider's file would have, as cells to look at.
public struct ProviderRows: Equatable, Sendable {
    /// The headers of the columns.
    public let headers: [String]
    /// The cells of each unit, as whoever opens the file sees them.
    public let rows: [[String]]
    /// Why there would be no file; nil where there would be one.
    public let problem: FleetError?
}

extension Profile {
    /// What the file would hold for some units. Nothing is written.
    ///
    /// - Parameter revealing: whether what tokens are made with is shown, and
    ///   not `<redacted>`.
    /// - Throws: ``FleetError/productMissing(profile:)``,
    ///   ``FleetError/productsNotNamed(_:profile:title:)``,
    ///   ``FleetError/badValue(what:problem:)``, for products.
    public func preview(
        of units: some Sequence<ExportedUnit>, productNames: [String: String] = [:], product: String? = nil,
        revealing: Bool = false
    ) throws(FleetError) -> ProviderRows {
        let products = try ProductChoice(self, names: productNames, product: product)
        var writer = RowWriter(self, .cells, products: products, hidesSecrets: !revealing)
        for unit in units { writer.add(unit) }
        var cells: [String] = []
        var start = 0
        for end in writer.ends {
            cells.append(String(decoding: writer.bytes[start..<end], as: UTF8.self))
            start = end
        }
        let width = columns.count
        let rows = stride(from: 0, to: cells.count, by: width).map { Array(cells[$0..<$0 + width]) }
        return ProviderRows(headers: headers, rows: rows, problem: writer.refusals.error(self))
    }
}
