/// The number that ASCII decimal digits write, or nil when any character is
/// another or the number does not fit. Unlike `Int(_:)` it takes no sign.
func decimal(_ digits: some StringProtocol) -> UInt64? {
    guard !digits.isEmpty else { return nil }
    var number: UInt64 = 0
    for byte in digits.utf8 {
        guard (48...57).contains(byte) else { return nil }
        let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
        let (sum, tooLargeToo) = scaled.addingReportingOverflow(UInt64(byte - 48))
        guard !tooLarge, !tooLargeToo else { return nil }
        number = sum
    }
    return number
}

/// A number in decimal with leading zeros up to a width.
func padded(_ number: UInt64, to width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
