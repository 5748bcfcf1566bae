import CredentialFiles
import Fleet
import Testing

/// Profiles with a mistake, and what is said of it: its line, its key.
struct ProfileMistakeTests {
    /// A profile without a mistake, to put one into.
    private static func profile(_ lines: String..., columns: [String] = []) -> String {
        (["title: Own"] + lines + ["columns:", "  - {header: ID, field: paygID}"] + columns.map { "  - \($0)" })
            .joined(separator: "\n")
    }

    private func problem(_ yaml: String, name: String = "own") -> String? {
        do {
            _ = try Profile(name: name, text: yaml)
            return nil
        } catch FleetError.badProfile(let its, let problem) {
            return its == name ? problem : "of \(its)"
        } catch {
            return "\(error)"
        }
    }

    @Test func `the profile that the mistakes are put into has none`() {
        #expect(problem(Self.profile()) == nil)
    }

    private static let files: [(yaml: String, problem: String)] = [
        ("", "it is empty"),
        ("# nothing", "it is empty"),
        ("just words", "line 1: it is no table of keys and values"),
        ("- a\n- b", "line 1: it is no table of keys and values"),
        ("title: Own\n  columns: [", "line 2: it is no YAML: "),
        ("title: Own\ncolumns: [{header: \"A}]", "it is no YAML: "),
        ("title: Own\ntitle: Own", "line 1, title: the key is there twice"),
        ("title: &a Own\nsource: *a", "line 2: anchors (&) and aliases (*) are not taken"),
        ("title: O\u{1}wn", "line 1: it is no YAML: "),
        ("title: Own\n---\ntitle: Other", "line 2: it is no YAML: "),
        (String(repeating: "#", count: 70_000), "it is larger than 64 KiB"),
        (String(repeating: "[", count: 20_000), "it is no YAML: "),
        (profile("[a, b]: c"), "line 2: a key is no word"),
        (profile("delimeter: comma"), "line 2, delimeter: there is no such key; the nearest: delimiter"),
        (profile("zebra: 1"), "line 2, zebra: there is no such key; there are name, title, provider, "),
        ("columns: [{header: ID, field: paygID}]", "line 1, title: the key is missing"),
        ("title: ' '\ncolumns: []", "line 1, title: it is empty"),
        ("title:\ncolumns: []", "line 1, title: it has no value"),
        ("title: [a]\ncolumns: []", "line 1, title: it is no text"),
        ("title: \"a\\tb\"\ncolumns: []", "line 1, title: it has an invisible character"),
        (
            "title: \"\(String(repeating: "a", count: 65))\"\ncolumns: []",
            "line 1, title: it is longer than 64 characters"
        ),
        (profile("name: other"), "line 2, name: it is “other”, and the profile is called “own”"),
        (profile("provider: Here"), "line 2, provider: no provider is called here"),
        (profile("unverified: ''"), "line 2, unverified: it is empty"),
        (profile("provider: ''"), "line 2, provider: it is empty"),
        (profile("format: xlsx"), "line 2, format: “xlsx” is none; there are csv, json"),
        (profile("delimiter: pipe"), "line 2, delimiter: “pipe” is none; there are comma, semicolon, tab"),
        (profile("delimiter: semicolons"), "line 2, delimiter: “semicolons” is none; the nearest: semicolon"),
        (profile("encoding: utf8"), "line 2, encoding: “utf8” is none; the nearest: utf-8"),
        (profile("lineEnding: cr"), "line 2, lineEnding: “cr” is none; the nearest: "),
        (profile("formulas: keep"), "line 2, formulas: “keep” is none; there are refuse, apostrophe"),
        (profile("format: json", "delimiter: comma"), "line 3, delimiter: a JSON file has none"),
        (profile("format: json", "formulas: refuse"), "line 3, formulas: a JSON file has none"),
        (profile("file: ../{export}.csv"), "line 2, file: it is no plain file name"),
        (profile("file: '{nmae}.csv'"), "line 2, file: it is no plain file name"),
        (profile("file: -x.csv"), "line 2, file: it is no plain file name"),
        (profile("file: ''"), "line 2, file: it is no plain file name"),
        ("title: Own", "line 1, columns: the key is missing"),
        ("title: Own\ncolumns: ID", "line 2, columns: it is no list"),
        ("title: Own\ncolumns: []", "line 2, columns: the list is empty"),
        ("title: Own\ncolumns:\n  - ID", "line 3, columns: it is no table of keys and values"),
        (
            "title: Own\ncolumns: [{header: Key, field: key}]",
            "line 2, columns: no column has the field paygID"
        ),
    ]

    @Test(arguments: files)
    func `a mistake in the file is told with its line and key`(yaml: String, problem expected: String) {
        #expect(problem(yaml)?.contains(expected) == true, "\(problem(yaml) ?? "none")")
    }

    private static let columns: [(column: String, problem: String)] = [
        ("{field: key}", "line 4, header: the key is missing"),
        ("{header: '', field: key}", "line 4, header: it is empty"),
        ("{header: Key}", "line 4, field: the key is missing; text is for a fixed text"),
        ("{header: Key, field: kye}", "line 4, field: there is no field “kye”; the nearest: key"),
        ("{header: Key, field: payg id}", "line 4, field: there is no field “payg id”; the nearest: paygID"),
        ("{header: Key, field: key, text: x}", "line 4, text: a column has either a field or a fixed text"),
        ("{header: Key, feild: key}", "line 4, feild: there is no such key; the nearest: field"),
        ("{header: id, field: key}", "line 4, header: “id” is another column's already, on line 3"),
        (
            "{header: Key, field: key, format: hex}",
            "line 4, format: “hex” is none for this column; there is lower-hex, upper-hex"
        ),
        (
            "{header: C, field: count, format: text}",
            "line 4, format: “text” is none for this column; there is number, digits"
        ),
        ("{header: R, field: restrictedDigits, format: yes/yes}", "line 4, format: “yes/yes” is none for this column"),
        ("{header: R, field: restrictedDigits, format: yes}", "there is number, boolean, two words as in yes/no"),
        ("{header: D, field: dispatchDate, format: day}", "line 4, format: “day” is none for this column"),
        ("{header: C, field: count, format: digits, width: 0}", "line 4, width: “0” is no whole number from 1 to 20"),
        (
            "{header: C, field: count, format: digits, width: ten}",
            "line 4, width: “ten” is no whole number from 1 to 20"
        ),
        ("{header: C, field: count, width: 5}", "line 4, width: it is for numbers in the format digits"),
        ("{header: M, field: hardwareModel, required: yes}", "line 4, required: “yes” is neither true nor false"),
        ("{header: M, field: hardwareModel, required: true, default: x}", "line 4, default: the column is required"),
        ("{header: M, field: hardwareModel, default: =1+1}", "line 4, default: “=1+1” begins as a formula does"),
        ("{header: M, field: hardwareModel, default: [x]}", "line 4, default: it is no text"),
        ("{header: C, field: testCode, format: number, default: none}", "line 4, default: “none” is no number"),
        ("{header: T, text: x, default: y}", "line 4, default: the column has the same text for every unit"),
        ("{header: T, text: x, required: true}", "line 4, required: the column has the same text for every unit"),
        ("{header: T, text: 012, format: number}", "line 4, text: “012” is no number"),
        ("{header: T, text: yes, format: boolean}", "line 4, text: “yes” is neither true nor false"),
        ("{header: '@SUM(A1)', text: x}", "line 4, header: “@SUM(A1)” begins as a formula does"),
        (
            "{header: M, field: hardwareModel, formulas: run}",
            "line 4, formulas: “run” is none; there are refuse, apostrophe"
        ),
    ]

    @Test(arguments: columns)
    func `a mistake in a column is told with its line and key`(column: String, problem expected: String) {
        let yaml = Self.profile(columns: [column])
        #expect(problem(yaml)?.contains(expected) == true, "\(problem(yaml) ?? "none")")
    }

    private static let products: [(products: String, problem: String)] = [
        ("[]", "line 4, products: the list is empty"),
        ("[a]", "line 4, products: it is no table of keys and values"),
        ("[{models: [A]}]", "line 4, key: the key is missing"),
        ("[{key: P 1, models: [A]}]", "line 4, key: “P 1” is not made of small letters, digits and hyphens"),
        ("[{key: a}]", "line 4, models: the key is missing"),
        ("[{key: a, models: A}]", "line 4, models: it is no list"),
        ("[{key: a, models: []}]", "line 4, models: the list is empty"),
        ("[{key: a, models: [A]}, {key: a, models: [B]}]", "line 4, key: “a” is another product's already"),
        ("[{key: a, models: [A]}, {key: b, models: [a]}]", "line 4, models: “a” is another product's already"),
        ("[{key: a, models: [A], name: ' '}]", "line 4, name: it is empty"),
        ("[{key: a, models: [A], title: B}]", "line 4, title: there is no such key"),
    ]

    @Test(arguments: products)
    func `a mistake in the products is told with its line and key`(products: String, problem expected: String) {
        let yaml = "title: Own\ncolumns:\n  - {header: ID, field: paygID}\nproducts: \(products)"
        #expect(problem(yaml)?.contains(expected) == true, "\(problem(yaml) ?? "none")")
    }

    @Test func `products without a column for them are refused, as they would be for nothing`() {
        let yaml = Self.profile("products: [{key: a, models: [A]}]")
        #expect(problem(yaml) == "line 2, products: no column has the field product")
    }

    @Test func `an encoding must have the characters of the profile's own texts`() {
        let yaml = Self.profile("encoding: windows-1252", columns: ["{header: Code ✓, field: key}"])
        #expect(problem(yaml) == "line 5, header: windows-1252 has no “✓”")
    }

    @Test(arguments: ["list", "show", "again", "Own", "own profile", "-own", "", "ówn", "a/b", "here"])
    func `a name that no command could take is refused`(name: String) {
        #expect(problem(Self.profile(), name: name)?.contains("its name") == true)
    }

    @Test func `aliases that would grow without end are refused at once`() {
        let bomb = (1...40).map { "k\($0): &a\($0) {? [\($0 > 1 ? "*a\($0 - 1), *a\($0 - 1)" : "x")] : 1}" }
        #expect(problem(bomb.joined(separator: "\n"))?.contains("anchors") == true)
        #expect(problem("title: R&D *and* more\ncolumns: [{header: ID, field: paygID}]") == nil)
    }
}
