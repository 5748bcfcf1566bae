import CredentialFiles
import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

struct DispatchListReaderTests {
    private let folder: TemporaryFolder
    private let key = "a29ab82edc5fbbc41ec9530f6dac86b1"

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(_ text: String) throws -> (units: [ListedUnit], reading: ListReading) {
        try read(path: try folder.write(text, to: "list.csv"))
    }

    private func read(path: String) throws -> (units: [ListedUnit], reading: ListReading) {
        var units: [ListedUnit] = []
        var problems = ProblemList()
        let reading = try DispatchListReader.read(ListInput(path: path)) { row in
            switch row.content {
            case .unit(let unit): units.append(unit)
            case .problems(let found): problems.add(found)
            }
        }
        try problems.refuse(reading.source.file, rows: reading.rows)
        return (units, reading)
    }

    /// What a refused list is told, one `row N, column: reason` each.
    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try read(text)
            return []
        } catch FleetError.badInput(_, let problems, let total, _, _) {
            #expect(total == problems.count)
            return problems.map(\.description)
        }
    }

    @Test func `the Cloud Solar list is read`() throws {
        let (units, reading) = try read("PAYG ID,Secret Key,Starting Code,Count\nCSP-0001,\(key),012345678,3\n")
        let unit = try #require(units.first)
        #expect(unit.id.text == "CSP-0001")
        #expect(unit.credentials.key.hex == key)
        #expect(unit.credentials.startingCode.digits == "012345678")
        #expect(unit.count == (try TokenCount(3)))
        #expect(unit.row == 2)
        #expect(unit.build == UnitBuild(), "the list says nothing more")
        #expect(unit.timeDivider == nil && unit.digitSet == nil)
        #expect(reading.ignoredColumns == [])
        #expect(reading.source.file == "list.csv")
        // printf '…' | sha256sum of the bytes above
        #expect(reading.source.sha256 == "5652533cd5dae14b1895d77f3f650abbd1dc795965ac62042479f9dd441e0691")
    }

    @Test(arguments: ["Version", "Firmware Version"])
    func `the standard's device list is read, with nine columns or eight`(version: String) throws {
        let testCode = version == "Version" ? (",Test Code", ",643328325") : ("", "")
        let (units, _) = try read(
            """
            Serial Number,Starting Code,Key,Count,Time Divider,Restricted Digit Mode,Hardware Model,\(version)\(testCode.0)
            SLR-0016,963460132,\(key),12,24,1,CSC-20R,1.5\(testCode.1)
            """
        )
        let unit = try #require(units.first)
        #expect(unit.build.timeDivider == (try TimeDivider(24)))
        #expect(unit.build.digitSet == .restricted)
        #expect(unit.build.hardwareModel == "CSC-20R")
        #expect(unit.build.firmwareVersion == "1.5")
        #expect(unit.build.testCode?.digits == (version == "Version" ? "643328325" : nil))
    }

    @Test func `columns are known by meaning, in any order, and others are kept out`() throws {
        let (units, reading) = try read(
            "colour,TOKEN_COUNT,device id,start code,Warehouse,secret-key\r\nred,7,CSP-0001,5,\"Kisumu, 2\",\(key.uppercased())\r\n"
        )
        #expect(units.first?.count == (try TokenCount(7)))
        #expect(units.first?.credentials.startingCode == (try StartingCode(5)))
        #expect(units.first?.credentials.key == (try SecretKey(hex: key)))
        #expect(reading.ignoredColumns == ["colour", "Warehouse"])
        #expect(reading.paddedStartingCodes == 1)
    }

    @Test func `what the list does not say has the standard's default`() throws {
        let (units, reading) = try read("Serial Number,Key\nCSP-0001,\(key)\n")
        let unit = try #require(units.first)
        #expect(unit.count == nil)
        #expect(unit.credentials.startingCode == StartingCode(derivedFrom: try SecretKey(hex: key)))
        #expect(reading.derivedStartingCodes)
    }

    @Test func `line ends, blank lines, a byte order mark and quotes change nothing`() throws {
        let plain = try read("PAYG ID,Key,Starting Code\nA,\(key),1\nB,\(key),2\n").units.map(\.id.text)
        for text in [
            "\u{FEFF}PAYG ID,Key,Starting Code\nA,\(key),1\nB,\(key),2",
            "PAYG ID,Key,Starting Code,,\nA,\(key),1\nB,\(key),2,,\n",
            "\u{FEFF}\"PAYG ID\",\"Key\",\"Starting Code\"\r\n\"A\",\"\(key)\",\"1\"\r\n\"B\",\(key),2\r\n",
            "PAYG ID,Key,Starting Code\r A , \(key) , 1 \rB,\(key),2\r",
            "PAYG ID,Key,Starting Code,\nA,\(key),1,\n\n,,,\nB,\(key),2,\n",
        ] {
            #expect(try read(text).units.map(\.id.text) == plain)
        }
    }

    @Test func `rows are counted as a spreadsheet counts them`() throws {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["PAYG ID,Key", "", "A,\(key)", "", "", "B,\(key)"].joined(separator: end) + end
            #expect(try read(text).units.map(\.row) == [3, 6])
        }
    }

    @Test func `a value that is not understood is named by row, column and reason`() throws {
        let header = "PAYG ID,Secret Key,Starting Code,Count,Time Divider,Restricted,Test Code"
        let cases: [(row: String, told: String)] = [
            (",\(key),1,1,1,0,", "row 2, PAYG ID: the cell is empty"),
            ("A,,1,1,1,0,", "row 2, Secret Key: the cell is empty"),
            (
                "A,\(key.dropLast()),1,1,1,0,",
                "row 2, Secret Key: a secret key has 32 hexadecimal digits, and this one has 31"
            ),
            (
                "A,3.2E+31,1,1,1,0,",
                "row 2, Secret Key: the secret key was turned into a rounded number by a spreadsheet, and its digits are gone"
            ),
            ("A,\(key),1000000000,1,1,0,", "row 2, Starting Code: a starting code is a number from 0 to 999999999"),
            ("A,\(key),12a,1,1,0,", "row 2, Starting Code: a starting code is a number from 0 to 999999999"),
            ("A,\(key),1,-1,1,0,", "row 2, Count: a count is a whole number from 0 to 9999999"),
            ("A,\(key),1,516959010,1,0,", "row 2, Count: a count is a whole number from 0 to 9999999"),
            ("A,\(key),1,1,256,0,", "row 2, Time Divider: a time divider is a whole number from 1 to 255"),
            ("A,\(key),1,1,x,0,", "row 2, Time Divider: a time divider is a whole number from 1 to 255"),
            (
                "A,\(key),1,1,1,2,",
                "row 2, Restricted: restricted digit mode is 0 or 1, yes or no, true or false"
            ),
            (
                "A,\(key),1,1,1,0,12345",
                "row 2, Test Code: a test code has exactly 9 digits, and this one has 5: a spreadsheet may have dropped the zeros in front"
            ),
            ("A,\(key),1,1,1,0,,surplus", "row 2: it has 8 cells, and the header has 7"),
        ]
        for (row, told) in cases {
            #expect(try problems("\(header)\n\(row)\n") == [told])
        }
    }

    @Test func `all that is wrong is told at once`() throws {
        let told = try problems("PAYG ID,Key,Count\nA,\(key),x\nB,short,1\n,\(key),1\n")
        #expect(told.map { $0.prefix(6) } == ["row 2,", "row 3,", "row 4,"])
    }

    @Test func `a refusal never repeats a secret`() throws {
        let secret = "zz9ab82edc5fbbc41ec9530f6dac86b1"
        let told = try problems("PAYG ID,Key,Starting Code\nA,\(secret),98765432x\n").joined()
        #expect(!told.contains("9ab82edc"))
        #expect(!told.contains("98765432"))
    }

    @Test func `a header that names no unit or no key is refused`() throws {
        #expect(
            try problems("Name,Colour\nA,red\n") == [
                "row 1, PAYG ID: the header names no such column; not understood: “Name”, “Colour”",
                "row 1, Key: the header names no such column; not understood: “Name”, “Colour”",
            ])
        #expect(
            try problems("PAYG ID,Serial Number,Key\nA,B,\(key)\n") == [
                "row 1, Serial Number: means the same as the column “PAYG ID”"
            ])
        #expect(try problems("") == ["row 1: there is no row in the file"])
        #expect(try problems("PAYG ID,Key\n") == ["row 1: there is no unit in the file"])
    }

    @Test func `text that is no list of values is refused`() throws {
        #expect(try problems("PAYG ID,Key\nA,\"\(key)\nB,x\n") == ["row 2: a quotation mark is never closed"])
        #expect(try problems("PAYG ID,Key\nA,\(key)\nB,x\"y\n") == ["row 3: a quotation mark stands where none can"])
        let long = String(repeating: "x", count: 1 << 20)
        #expect(try problems("PAYG ID,Key\nA,\(long)\n").count == 1)
        #expect(try problems("PAYG ID,Key\nA,\"\(long)").count == 1)
        #expect(try problems("PAYG ID,Key\n" + String(repeating: ",", count: 1 << 16)).count == 1)
    }

    @Test func `bytes that are no text are refused`() throws {
        let path = folder.file("damaged.csv")
        for (bytes, told) in [
            (
                [0xC3, 0xA9, 0x2C] + Array(key.utf8) + [0x0A, 0xE9],
                "row 4: cell 1 is not UTF-8 text, and rows above are"
            ),
            ([0x81], "row 3: cell 1 is neither UTF-8 nor Windows-1252 text"),
        ] as [([UInt8], String)] {
            try write(Array("PAYG ID,Key\nA,\(key)\n".utf8) + bytes + Array(",\(key)\n".utf8), to: path)
            do {
                _ = try read(path: path)
                Issue.record("it was read")
            } catch FleetError.badInput(_, let problems, _, _, _) {
                #expect(problems.map(\.description).contains(told))
            }
        }
    }

    @Test func `text in two encodings is refused, whichever comes first`() throws {
        let path = folder.file("mixed.csv")
        let key = Array(",\(key),".utf8)
        let head = Array("PAYG ID,Key,Model\n".utf8)
        let (latin, utf8): ([UInt8], [UInt8]) = ([0xE9, 0x0A], [0xC3, 0xA9, 0x0A])
        for (rows, told) in [
            (head + [0x41] + key + latin + [0x42] + key + utf8, "it is UTF-8 text, and rows above are in Windows-1252"),
            (head + [0x41] + key + utf8 + [0x42] + key + latin, "cell 3 is not UTF-8 text, and rows above are"),
        ] {
            try write(rows, to: path)
            do {
                _ = try read(path: path)
                Issue.record("it was read")
            } catch FleetError.badInput(_, let problems, _, _, _) {
                #expect(problems.map(\.description) == ["row 3: \(told)"])
                #expect(problems.map(\.kind) == [.encoding])
            }
        }
    }

    @Test func `a stream that came to its end is not asked again`() throws {
        let path = folder.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        // Opened so that nobody waits for the other end.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK)
        func give(_ text: String) throws {
            let writer = try #require(FileHandle(forWritingAtPath: path))
            try writer.write(contentsOf: Data(text.utf8))
            try writer.close()
        }
        try give("PAYG ID,Key\nA,\(key)\n")
        let input = try ListInput(handle: FileHandle(fileDescriptor: descriptor), name: "pipe")
        try give("B,late\n")
        var rows = 0
        let reading = try DispatchListReader.read(input) { _ in rows += 1 }
        #expect(rows == 1 && reading.rows == 1)
    }

    @Test func `a file that is not there or cannot be read is told by name`() throws {
        #expect(throws: FleetError.inputMissing(path: folder.file("none.csv"))) {
            try read(path: folder.file("none.csv"))
        }
        #expect(throws: FleetError.inputUnreadable(path: folder.path, reason: "it is not a file")) {
            try read(path: folder.path)
        }
    }

    @Test func `a row with fewer cells than the header was cut off, and is refused`() throws {
        let header = "PAYG ID,Key,Starting Code,Count\n"
        #expect(try problems(header + "A,\(key),6011") == ["row 2: it has 3 cells, and the header has 4"])
        #expect(try problems(header + "A,\(key)") == ["row 2: it has 2 cells, and the header has 4"])
    }

    @Test func `an optional column is filled in every row or in none`() throws {
        let header = "PAYG ID,Key,Starting Code,Count,Time Divider\n"
        #expect(
            try problems(header + "A,\(key),1,2,24\nB,\(key),2,,24\nC,\(key),3,4,\n") == [
                "row 3, Count: the cell is empty, and in row 2 it is not; write 1 where that is meant",
                "row 4, Time Divider: the cell is empty, and in row 2 it is not; write 1 where that is meant",
            ]
        )
        #expect(
            try problems(header + "A,\(key),1,,\nB,\(key),2,12,\n") == [
                "row 3, Count: the cell has a value, and in row 2 it is empty; write 1 where that is meant"
            ]
        )
        #expect(try read(header + "A,\(key),1,,\nB,\(key),2,,\n").units.map(\.count) == [nil, nil])
    }

    @Test func `a header that may mean what is missing is asked about, and nothing is derived or defaulted`() throws {
        let told = try problems("PAYG ID,Secret Key,Starting Code No.,Current Cnt\nA,\(key),1,12\n")
        #expect(
            told == [
                "row 1, Starting Code No.: it is not clear whether this is the Starting Code or the Count: name it so, or say that it means nothing",
                "row 1, Current Cnt: it is not clear whether this is the Starting Code or the Count: name it so, or say that it means nothing",
            ]
        )
        #expect(
            try problems("PAYG ID,Key,Starting Code,Count,Divider per day\nA,\(key),1,1,24\n") == [
                "row 1, Divider per day: it is not clear whether this is the Time Divider: name it so, or say that it means nothing"
            ]
        )
    }

    @Test func `a value under no header refuses the list, and a column without either does not`() throws {
        #expect(
            try problems("PAYG ID,Secret Key,,Count\nA,\(key),123456789,1\n")
                == ["row 2: column 3 has a value, and no header"]
        )
        for mark in ["№", "#"] {
            #expect(
                try problems("PAYG ID,Secret Key,Starting Code,\(mark)\nA,\(key),1,55\n") == [
                    "row 1, \(mark): it is not clear whether this is the Count: name it so, or say that it means nothing"
                ]
            )
        }
        #expect(try read("PAYG ID,,Key,Starting Code,Count\nA,,\(key),1,1\n").units.count == 1)
    }

    @Test func `starting codes that are empty throughout are derived, and one that is missing is not`() throws {
        let header =
            "Serial Number,Starting Code,Key,Count,Time Divider,Restricted Digit Mode,Hardware Model,Version,Test Code\n"
        let (units, reading) = try read(header + "A,,\(key),1,1,0,,,\nB,,\(key),1,1,0,,,\n")
        #expect(
            units.allSatisfy {
                $0.isStartingCodeDerived && $0.credentials.startingCode == StartingCode(derivedFrom: $0.credentials.key)
            })
        #expect(units.count == 2 && reading.derivedStartingCodes)
        #expect(
            try problems(header + "A,1,\(key),1,1,0,,,\nB,,\(key),1,1,0,,,\n")
                == ["row 3, Starting Code: the cell is empty, and in row 2 it is not"]
        )
    }

    @Test func `columns that only sound alike are kept out and named`() throws {
        let (units, reading) = try read(
            "PAYG ID,Secret Key,Starting Code,Count,Test Date,Division\nA,\(key),1,1,2026-11-03,West\n"
        )
        #expect(units.count == 1)
        #expect(reading.ignoredColumns == ["Test Date", "Division"])
    }

    @Test func `secrets in the wrong column are not repeated, nor is what moves a cursor`() throws {
        let swapped = try problems("PAYG ID,Key,Time Divider,Starting Code,Count\nA,\(key),123456789,1,987654321\n")
        #expect(swapped.count == 2)
        #expect(!swapped.joined().contains("123456789") && !swapped.joined().contains("987654321"))
        let lost = try problems("PAYG ID,Key,Starting CodeA,\(key),123456789\nB,\(key),2,3,4\n")
        #expect(lost.count == 3 && !lost.joined().contains(key) && !lost.joined().contains("123456789"))
        let (_, reading) = try read("PAYG ID,Key,Starting Code,Count,\(key),Col\u{1B}[31m\nA,\(key),1,1,x,y\n")
        #expect(reading.ignoredColumns == ["column 5", "column 6"])
        let (_, dashed) = try read(
            "PAYG ID,Key,Starting Code,Count,f3b7-d66e-9a5b-271d,359 449 289\nA,\(key),1,1,x,y\n")
        #expect(dashed.ignoredColumns == ["column 5", "column 6"])
        let asID = try problems("PAYG ID,Key,Starting Code,Count\n\(key),\(key),1,1\n")
        #expect(asID == ["row 2, PAYG ID: the PAYG ID has 32 hexadecimal digits, as a secret key has"])
    }
}

struct CustomerListReaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `customers are read by the meaning of the headers`() throws {
        let path = try folder.write(
            "Phone,Customer Name,Ref,Village\n+254 712,\"Otieno, Juma\",K-1,Dunga\n,Amina,K-2,\n", to: "c.csv")
        var customers: [Customer] = []
        let summary = try CustomerListReader.read(path) { customer in
            customers.append(customer)
            return true
        }
        #expect(customers.map(\.name) == ["Otieno, Juma", "Amina"])
        #expect(customers.map(\.phone) == ["+254 712", nil])
        #expect(summary.added == 2 && summary.ignoredColumns == ["Village"])
    }

    @Test(arguments: [
        "Reference,Name,Phone,Language,Note", "Référence client;Nom complet;Numéro de téléphone;Langue;Notes",
        "Código do cliente;Nome;Telemóvel;Idioma;Notas", "Número de cliente;Nombre;Teléfono;Idioma;Nota",
        "Namba ya mteja\tJina kamili\tSimu\tLugha\tDokezo",
    ])
    func `customers are read under headers in five languages`(header: String) throws {
        let separator: Character = header.contains(";") ? ";" : header.contains("\t") ? "\t" : ","
        let row = ["K-1", "Amina", "+254712345678", "SW", "pays on Fridays"].joined(separator: String(separator))
        let path = try folder.write(header + "\n" + row + "\n", to: "c.csv")
        var customers: [Customer] = []
        let summary = try CustomerListReader.read(path) { customer in
            customers.append(customer)
            return true
        }
        let expected = try Customer(
            reference: "K-1", name: "Amina", phone: "+254712345678", language: "sw", note: "pays on Fridays"
        )
        #expect(customers == [expected] && summary.ignoredColumns == [])
    }

    @Test func `a customer without a name, or that differs, refuses the list by row`() throws {
        let path = try folder.write("Reference,Name\nK-1,\nK-2,Amina\n", to: "c.csv")
        do {
            _ = try CustomerListReader.read(path) {
                throw FleetError.customerDiffers($0.reference, in: [.name, .phone])
            }
            Issue.record("it was taken")
        } catch FleetError.badInput(_, let problems, _, _, _) {
            #expect(
                problems.map(\.description) == [
                    "row 2, Name: the name is empty",
                    "row 3, Reference: customer K-2 has another name and phone in the registry, or in a row above",
                ])
        }
    }
}
