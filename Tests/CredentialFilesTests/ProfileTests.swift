import CredentialFiles
import Fleet
import Foundation
import TestSupport
import Testing

struct ProfileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let own = "title: Sun Pay\ncolumns: [{header: Serial, field: paygID}, {header: K, field: key}]\n"

    @Test func `the built-in profiles are the files in the folder, and each says where it comes from`() throws {
        let path = projectFolder + "/Sources/CredentialFiles/Profiles"
        let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(Profile.builtIn.map { $0 + ".yaml" }.sorted() == files)
        for name in Profile.builtIn {
            let profile = try Profile(named: name, folder: nil)
            #expect(profile.name == name && profile.provider == name && !profile.title.isEmpty)
            #expect(profile.source.count > 20 && profile.holdsKeys && profile.carriesCount)
            #expect(try profile.text == text(of: "\(path)/\(name).yaml"))
            #expect(try profile.sha256 == String(ProgramRun("sha256sum", ["\(path)/\(name).yaml"]).output.prefix(64)))
            #expect(!profile.tellsCustomer && !profile.tellsDispatch)
            #expect(try Profile(name: name, text: profile.text).headers == profile.headers)
        }
        let unverified = Set(["angaza", "airlink", "json"])
        #expect(try Set(Profile.builtIn.filter { try Profile(named: $0, folder: nil).unverified != nil }) == unverified)
    }

    @Test func `a provider is added by one file in a folder`() throws {
        _ = try folder.write(Self.own, to: "sun-pay.yaml")
        let profile = try Profile(named: "sun-pay", folder: folder.path)
        #expect(profile.name == "sun-pay" && profile.provider == "sun-pay" && profile.title == "Sun Pay")
        #expect(
            profile.text == Self.own && profile.headers == ["Serial", "K"] && profile.holdsKeys && !profile.carriesCount
        )
        #expect(profile.source == "not said")
        #expect(throws: FleetError.profileNotFound("moon-pay", known: Profile.builtIn + ["sun-pay"])) {
            try Profile(named: "moon-pay", folder: folder.path)
        }
        #expect(throws: FleetError.profileNotFound("sun-pay", known: Profile.builtIn)) {
            try Profile(named: "sun-pay", folder: nil)
        }
        #expect(throws: FleetError.profileNotFound("../x", known: Profile.builtIn)) {
            try Profile(named: "../x", folder: folder.file("nowhere"))
        }
    }

    @Test func `a file in the folder never takes a built-in profile's place`() throws {
        _ = try folder.write(Self.own, to: "paygops.yaml")
        #expect {
            try Profile(named: "paygops", folder: folder.path)
        } throws: {
            "\($0)".contains("the file paygops.yaml in the profiles folder has the name of a built-in profile")
        }
        #expect(try Profile(named: "openpaygo", folder: folder.path).name == "openpaygo")
    }

    @Test func `all profiles are listed, those that cannot be used with their problems`() throws {
        _ = try folder.write(Self.own, to: "sun-pay.yaml")
        _ = try folder.write("title: Broken", to: "broken.yaml")
        _ = try folder.write(Self.own, to: "json.yaml")
        _ = try folder.write(Self.own, to: "Big Name.yaml")
        _ = try folder.write(Self.own, to: "notes.txt")
        try write([0xFF, 0xFE, 0x00], to: folder.file("bytes.yaml"))
        let all = Profile.all(folder: folder.path)
        #expect(all.map(\.name) == Profile.builtIn + ["Big Name", "broken", "bytes", "json", "sun-pay"])
        let problems = all.map { entry in
            if case .failure(let error) = entry.profile { "\(error)" } else { "" }
        }
        let expected = [
            "its name is not made of small letters", "line 1, columns: the key is missing", "it is no UTF-8 text",
            "has the name of a built-in profile",
        ]
        #expect(problems.filter { !$0.isEmpty }.count == expected.count)
        for (problem, part) in zip(problems.dropFirst(Profile.builtIn.count), expected) {
            #expect(problem.contains(part))
        }
        #expect(Profile.all(folder: nil).count == Profile.builtIn.count)
        #expect(Profile.all(folder: folder.file("nowhere")).count == Profile.builtIn.count)
    }

    @Test func `a file anywhere is a profile, called by its name or by the one within`() throws {
        let named = try folder.write("name: moon\nprovider: Lunar Ltd\n" + Self.own, to: "My Profile.yaml")
        let moon = try Profile(file: named)
        #expect(moon.name == "moon" && moon.provider == "lunar ltd")
        #expect(try Profile(file: try folder.write(Self.own, to: "sun.yml")).name == "sun")
        #expect(throws: FleetError.self) { try Profile(file: try folder.write(Self.own, to: "My Other.yaml")) }
        #expect(throws: FleetError.inputMissing(path: folder.file("none"))) { try Profile(file: folder.file("none")) }
        #expect(throws: FleetError.inputUnreadable(path: folder.path, reason: "it is not a file")) {
            try Profile(file: folder.path)
        }
        // The record of an export has the name and the text.
        #expect(try Profile(name: moon.name, text: moon.text).sha256 == moon.sha256)
    }

    @Test func `a profile may have the mark and the line ends of any editor`() throws {
        let yaml = "\u{FEFF}" + Self.own.replacing("\n", with: "\r\n") + "unverified: >-\r\n  one\r\n  two\r\n"
        let profile = try Profile(own: yaml)
        #expect(profile.title == "Sun Pay" && profile.unverified == "one two" && profile.text == yaml)
    }

    @Test func `a file's name is made of the profile's pattern`() throws {
        let moment = try #require(Timestamp(text: "2026-11-03T09:05:07Z"))
        let paygops = try Profile(named: "paygops", folder: nil)
        #expect(paygops.fileName(export: 12, at: moment) == "paygops-2026-11-03-12.csv")
        #expect(paygops.fileName(export: 12, at: moment, isEncrypted: true) == "paygops-2026-11-03-12.csv.age")
        let json = try Profile(named: "json", folder: nil)
        #expect(json.fileName(export: 1, at: moment) == "json-2026-11-03-1.json")
        let own = try Profile(own: "file: 'units_{time}.{export}.txt'\n" + Self.own)
        #expect(own.fileName(export: 7, at: moment) == "units_090507.7.txt")
    }

    @Test func `a profile says whether it needs the customer or the dispatch`() throws {
        func profile(_ field: String) throws -> Profile {
            try Profile(own: "title: X\ncolumns: [{header: ID, field: paygID}, {header: F, field: \(field)}]")
        }
        for field in ["customer", "customerName", "phone", "language", "customerNote"] {
            #expect(try profile(field).tellsCustomer && !profile(field).tellsDispatch)
        }
        for field in ["dispatchFile", "dispatchDate"] {
            #expect(try profile(field).tellsDispatch && !profile(field).tellsCustomer)
        }
        for field in ["dispatch", "count"] {
            #expect(try !profile(field).tellsDispatch && !profile(field).tellsCustomer)
        }
    }
}
