import Fleet
import FleetStore
import Foundation
import OpenPAYGO
import SecretMemory
import TestSupport
import Testing

/// What is left of a unit's key in memory that is given back, whatever the
/// registry did with it.
@Suite(.enabled(if: FreedMemory.canWatch, "memory cannot be looked at as it is freed, here"))
struct WipedCredentialsTests {
    private let bench: StoreBench
    private let key = HiddenSecret(count: 16)
    private let unit: PaygID

    init() throws {
        bench = try StoreBench()
        unit = try PaygID("CSP-0001")
        try bench.add([try listed(1), bench.listed("CSP-0002", row: 3)])
        try bench.issue("CSP-0001", ref: "MP-1")
    }

    private func secretKey() throws -> SecretKey {
        try key.clear.withBytes { bytes in try SecretKey(bytes: bytes.bindMemory(to: UInt8.self)) }
    }

    private func listed(_ count: Int) throws -> ListedUnit {
        ListedUnit(
            row: 2, id: try PaygID("CSP-0001"),
            credentials: Credentials(key: try secretKey(), startingCode: try StartingCode(7)),
            count: try TokenCount(count), timeDivider: nil, digitSet: nil, hardwareModel: nil, firmwareVersion: nil,
            testCode: nil
        )
    }

    /// What somebody else does with the registry, who opens the key first.
    private func found(_ work: (Registry) throws -> Void) throws -> Int {
        try FreedMemory.blocks(holding: key) { try work(Registry.open(bench.path, keyFile: bench.keyFile)) }
    }

    @Test func `a unit's key is wiped once tokens are made and proven with it`() throws {
        let issued = try found { registry in
            for days in ["1", "2500"] {
                let order = TokenOrder(
                    recipient: .unit(unit), request: .days(try Days(text: days)), reference: nil)
                _ = try registry.issue(order, at: bench.now, actor: bench.actor)
            }
        }
        #expect(issued == 0)
        let verified = try found { registry in
            let report = try registry.verify()
            #expect(report.problems == [])
        }
        #expect(verified == 0)
    }

    @Test func `it is wiped once it was revealed, and sealed anew`() throws {
        let revealed = try found { registry in
            let (credentials, _) = try registry.reveal(
                unit, reason: try Reason("a look"), at: bench.now, actor: bench.actor)
            #expect(credentials.startingCode.number == 7)
        }
        #expect(revealed == 0)
        let rotated = try found { registry in
            let rotation = try registry.rotateKey(at: bench.now, actor: bench.actor)
            #expect(rotation.units == 2)
        }
        #expect(rotated == 0)
    }

    @Test func `it is wiped once a list that has it was compared with it`() throws {
        let list = bench.feed([try listed(1)], sha256: String(repeating: "1", count: 64))
        let imported = try found { registry in
            let summary = try registry.importDispatches([list], at: bench.now, actor: bench.actor).first
            #expect(summary?.unchanged == 1)
        }
        #expect(imported == 0)
    }

    @Test func `it is wiped once it was handed to whoever writes a provider's file`() throws {
        let exported = try found { registry in
            var units = 0
            _ = try registry.export(
                bench.terms(ExportSelection(.units([unit]))),
                to: ExportSink(
                    add: { unit in units += unit.credentials.key == (try secretKey()) ? 1 : 0 },
                    finish: { ExportedFile(name: "out.csv", sha256: String(repeating: "0", count: 64)) }
                ), dryRun: false, at: bench.now, actor: bench.actor)
            #expect(units == 1)
        }
        #expect(exported == 0)
    }
}
