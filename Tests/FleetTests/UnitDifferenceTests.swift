import Fleet
import OpenPAYGO
import Testing

struct UnitDifferenceTests {
    private let key = "5f9bcbc644574d8fab284173577ba8aa"

    private func listed(
        key: String? = nil, code: Int = 7, isDerived: Bool = false, count: Int? = nil, divider: Int? = nil,
        digits: Token.DigitSet? = nil, model: String? = nil, version: String? = nil, testCode: String? = nil
    ) throws -> ListedUnit {
        ListedUnit(
            row: 2, id: try PaygID("CSP-1"),
            credentials: Credentials(key: try SecretKey(hex: key ?? self.key), startingCode: try StartingCode(code)),
            isStartingCodeDerived: isDerived, count: try count.map { try TokenCount($0) },
            timeDivider: try divider.map { try TimeDivider($0) }, digitSet: digits, hardwareModel: model,
            firmwareVersion: version, testCode: try testCode.map { try TestCode(digits: $0) }
        )
    }

    private func differences(_ unit: ListedUnit, testCode: String? = nil) throws -> [UnitDifference.Content] {
        let build = UnitBuild(
            timeDivider: try TimeDivider(24), hardwareModel: "CSC-10", firmwareVersion: "1.4",
            testCode: try testCode.map { try TestCode(digits: $0) }
        )
        let own = Credentials(key: try SecretKey(hex: key), startingCode: try StartingCode(7))
        return unit.differences(from: build, count: try TokenCount(5), credentials: own)
    }

    @Test func `what a list does not say differs from nothing`() throws {
        #expect(try differences(try listed(), testCode: "123456789") == [])
        #expect(try differences(try listed(code: 8, isDerived: true)) == [], "a derived code is none of the list's")
        #expect(try differences(try listed(count: 5, divider: 24, digits: .full)) == [])
    }

    @Test func `each of the credentials differs by itself, and neither is told`() throws {
        let other = "348db87e65661ba7865f3bf3ed667db0"
        #expect(try differences(try listed(key: other)) == [.credentials([.key], areFormer: false)])
        #expect(try differences(try listed(code: 8)) == [.credentials([.startingCode], areFormer: false)])
        let both = try differences(try listed(key: other, code: 123_456_789))
        #expect(both == [.credentials([.key, .startingCode], areFormer: false)])
        #expect(!"\(both)".contains(other) && !"\(both)".contains("123456789"))
    }

    @Test func `every setting that tokens depend on is compared`() throws {
        let test = try TestCode(digits: "012345678")
        let (here, there) = (try TimeDivider(24), try TimeDivider(1))
        #expect(try differences(try listed(divider: 1)) == [.settings([.timeDivider(here: here, there: there)])])
        #expect(
            try differences(try listed(digits: .restricted)) == [
                .settings([.digitSet(here: .full, there: .restricted)])
            ]
        )
        #expect(
            try differences(try listed(testCode: "012345678")) == [.settings([.testCode(here: nil, there: test)])]
        )
        #expect(try differences(try listed(testCode: "012345678"), testCode: "012345678") == [])
    }

    @Test func `counts differ in both directions, and beside everything else`() throws {
        let content = try differences(try listed(code: 8, count: 3, divider: 1))
        #expect(content.count == 3)
        let here = try TokenCount(5)
        #expect(content.last == .count(here: here, there: try TokenCount(3), isTaken: false))
        let behind = UnitDifference(unit: try PaygID("A"), row: 2, content: content[2], authority: .here)
        #expect(behind.distance == -2 && behind.kind == .count && !behind.isSettled)
        let ahead = UnitDifference(
            unit: try PaygID("A"), row: 2, content: .count(here: here, there: try TokenCount(9), isTaken: true),
            authority: .here
        )
        #expect(ahead.distance == 4 && ahead.isSettled)
        #expect([-1, 0, 12].map(UnitDifference.signed) == ["-1", "0", "+12"])
    }

    @Test func `another model or version is seen, and is no difference`() throws {
        let build = UnitBuild(hardwareModel: "CSC-10", firmwareVersion: nil)
        #expect(try listed(model: "CSC-20").isOtherModel(than: build))
        #expect(try !listed(model: "CSC-10", version: "2.0").isOtherModel(than: build), "one of them says nothing")
        #expect(try differences(try listed(model: "CSC-20", version: "9")) == [])
    }

    @Test func `settled differences are no longer counted, and a kind with none left fits`() throws {
        var result = Reconciliation()
        #expect(result.isSame)
        let taken = UnitDifference.Content.count(here: .zero, there: .one, isTaken: true)
        result.set(.count, [UnitDifference(unit: try PaygID("A"), row: 2, content: taken, authority: .here)])
        #expect(!result.isSame)
        result.takenCounts = 1
        #expect(result.isSame && result.number(.count) == 0 && result.differences(.count).count == 1)
        result.set(.onlyHere, [UnitDifference(unit: try PaygID("B"), row: nil, content: .onlyHere, authority: .here)])
        #expect(!result.isSame && Array(result.differences).map(\.unit.text) == ["A", "B"])
    }
}
