/// How the text of a list is written.
public struct ListFormat: Hashable, Sendable {
    /// What stands between two cells.
    public enum Delimiter: String, CaseIterable, Sendable {
        case comma, semicolon, tab

        /// The character itself.
        public var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        }
    }

    /// How its characters are written in bytes.
    public enum Encoding: String, CaseIterable, Sendable {
        case utf8 = "utf-8"
        case utf16LittleEndian = "utf-16le"
        case utf16BigEndian = "utf-16be"
        case windows1252 = "windows-1252"
    }

    /// What stands between two cells.
    public var delimiter: Delimiter
    /// How its characters are written in bytes.
    public var encoding: Encoding
    /// The row with the headers, the first being 1.
    public var headerRow: Int
    /// The row that says the list is at its end; nil where none does.
    public var endRow: Int?

    /// A format. The usual one is commas, UTF-8 and the headers in the first row.
    public init(
        delimiter: Delimiter = .comma, encoding: Encoding = .utf8, headerRow: Int = 1, endRow: Int? = nil
    ) {
        self.delimiter = delimiter
        self.encoding = encoding
        self.headerRow = headerRow
        self.endRow = endRow
    }
}

/// What a user says of a list that would else be found out. What is nil is
/// found out.
public struct ListReadingOptions: Sendable {
    /// What stands between two cells.
    public var delimiter: ListFormat.Delimiter?
    /// How its characters are written in bytes.
    public var encoding: ListFormat.Encoding?
    /// The row with the headers, the first being 1.
    public var headerRow: Int?
    /// The last row that is read.
    public var lastRow: Int?
    /// The headers of columns that go by names nobody foresaw.
    public var headers: [ListField: String] = [:]
    /// Headers of columns that mean nothing here.
    public var ignoredHeaders: [String] = []
    /// Whether each row's cells are given along, as they were written.
    public var keepsCells = false

    /// All is found out.
    public init() {}
}

/// A kind of file that may hold a list, and is none itself.
public enum ForeignFile: String, CaseIterable, Sendable {
    case excelWorkbook, oldExcelWorkbook, openDocument, numbersWorkbook, otherDocument, zip, otherArchive, mail,
        outlookMail, pdf, html, xml, json, image, encrypted, database, otherBinary

    /// What it is, as a sentence says it.
    public var title: String {
        switch self {
        case .excelWorkbook: "an Excel workbook (.xlsx)"
        case .oldExcelWorkbook: "an Excel 97 workbook (.xls)"
        case .openDocument: "an OpenDocument spreadsheet (.ods)"
        case .numbersWorkbook: "a Numbers workbook"
        case .otherDocument: "a text document"
        case .zip: "a ZIP archive"
        case .otherArchive: "an archive"
        case .mail: "a saved mail (.eml)"
        case .outlookMail: "a saved Outlook mail (.msg)"
        case .pdf: "a PDF document"
        case .html: "a web page (HTML)"
        case .xml: "an XML file"
        case .json: "a JSON file"
        case .image: "a picture"
        case .encrypted: "an encrypted file"
        case .database: "a SQLite database"
        case .otherBinary: "no text"
        }
    }
}
