import Fleet
import Foundation
import GRDB
import TestSupport
import Testing

@testable import FleetStore

struct StoredCustomerTests {
    private let bench: StoreBench
    private let reference: CustomerReference

    init() throws {
        bench = try StoreBench()
        reference = try CustomerReference("K-1")
    }

    @discardableResult
    private func add(_ customer: Customer, country: String? = nil) throws -> Bool {
        var isNew = false
        try bench.registry.addCustomers(
            country: try country.map { try Country($0) }, at: bench.now, actor: bench.actor
        ) { add in isNew = try add(customer) }
        return isNew
    }

    private func amina(phone: String? = nil, language: String? = nil, note: String? = nil) throws -> Customer {
        try Customer(reference: "K-1", name: "Amina", phone: phone, language: language, note: note)
    }

    @Test func `a phone number is stored as the whole world dials it`() throws {
        #expect(throws: FleetError.phoneWithoutCountry) { try add(try amina(phone: "0712 345 678")) }
        #expect(throws: FleetError.self) { try add(try amina(phone: "+254 7")) }
        #expect(try bench.registry.customers().isEmpty)
        #expect(try add(try amina(phone: "0712 345 678", language: "sw", note: "pays on Fridays"), country: "KE"))
        let stored = try bench.registry.customer(reference)
        #expect(stored.phone == "+254712345678" && stored.language == "sw" && stored.note == "pays on Fridays")
        // However it is written then.
        for phone in ["+254-712-345-678", "00254712345678", nil] { #expect(try !add(try amina(phone: phone))) }
        #expect(try !add(try amina(phone: "0712 345 678"), country: "KE"))
    }

    @Test func `a customer that is said something else of is refused, and what is told`() throws {
        try add(try amina(phone: "+254712345678", language: "sw"))
        func differing(_ customer: Customer) throws -> [CustomerFact] {
            do { try add(customer) } catch FleetError.customerDiffers(_, let facts) { return facts }
            return []
        }
        #expect(try differing(try amina(phone: "+254712345679")) == [.phone])
        #expect(try differing(try amina(language: "fr", note: "new")) == [.language, .note])
        #expect(
            try differing(try Customer(reference: "k-1", name: "Amina Otieno", phone: "+254712345679")) == [
                .name, .phone,
            ]
        )
        #expect(throws: FleetError.phoneWithoutCountry, "it may be the same") {
            try add(try amina(phone: "0712345678"))
        }
        #expect(try bench.registry.customer(reference).note == nil)
    }

    @Test func `a change has an event that names the facts and nothing of what they say`() throws {
        try add(try amina(phone: "+254712345678", note: "pays on Fridays"))
        func edit(_ edit: CustomerEdit) throws -> [CustomerFact] {
            try bench.registry.editCustomer(reference, edit, at: bench.now, actor: bench.actor).changed
        }
        #expect(
            try edit(CustomerEdit(name: "Wanjirũ", phone: .set(try PhoneNumber("+254712345679")), note: .remove))
                == [.name, .phone, .note]
        )
        #expect(try edit(CustomerEdit(name: "Wanjirũ", note: .remove)) == [], "it is so already")
        #expect(try edit(CustomerEdit(language: .set("sw"))) == [.language])
        let stored = try bench.registry.customer(reference)
        #expect(stored.name == "Wanjirũ" && stored.phone == "+254712345679" && stored.note == nil)
        let events = try bench.registry.events().suffix(2)
        #expect(
            events.map(\.detail) == [
                #"{"changed":["name","phone","note"],"customer":"K-1"}"#, #"{"changed":["language"],"customer":"K-1"}"#,
            ]
        )
        let history = try bench.sql("SELECT group_concat(detail) FROM event").output
        for personal in ["Amina", "Wanjir", "2547123", "Fridays"] { #expect(!history.contains(personal)) }
        #expect(try bench.registry.customers(search: "wanjiru").count == 1, "the new name is found")
        #expect(try bench.registry.customers(search: "amina").isEmpty, "the old one is not")
        #expect(try bench.registry.verify().ok)
        #expect(throws: FleetError.customerNotFound(try CustomerReference("K-2"), nearest: ["K-1"])) {
            try bench.registry.editCustomer(
                try CustomerReference("K-2"), try CustomerEdit(name: "X"), at: bench.now, actor: bench.actor
            )
        }
    }

    @Test(arguments: [
        (
            "UPDATE customer SET name = 'Ghost', changes = changes + 1",
            "customer K-1: changes were made 2 times, and events tell of 1"
        ),
        ("UPDATE customer SET changes = 0", "customer K-1: changes were made 0 times, and events tell of 1"),
        (
            "UPDATE event SET customer_id = NULL WHERE action = 'customerChanged'",
            "event 5 is filed under something else than it tells of"
        ),
        (
            "UPDATE event SET detail = replace(detail, 'name', 'note') WHERE sequence = 5",
            "event 5 does not fit the chain: it, or the one before it, is not what was written"
        ),
        ("DELETE FROM event WHERE sequence = 5", "customer K-1: changes were made 1 times, and events tell of 0"),
        (
            "UPDATE assignment SET since = '2026-10-02T00:00:00Z' WHERE id = 1",
            "unit CSP-0001: its customers are not those that its events tell of"
        ),
        (
            "UPDATE assignment SET until = '2026-10-02T00:00:00Z' WHERE id = 1",
            "unit CSP-0001: its customers are not those that its events tell of"
        ),
        (
            "UPDATE event SET detail = replace(detail, '10-01', '10-02') WHERE sequence = 4",
            "event 4 does not fit the chain: it, or the one before it, is not what was written"
        ),
    ])
    func `changes and dates are part of the proof`(sql: String, problem: String) throws {
        let unit = try PaygID("CSP-0001")
        try add(try amina())
        try bench.add("CSP-0001")
        let start = try #require(Timestamp(text: "2026-10-01T00:00:00Z"))
        _ = try bench.registry.assign(
            unit, to: reference, since: start, at: bench.now, actor: bench.actor
        )
        _ = try bench.registry.editCustomer(
            reference, try CustomerEdit(name: "Other"), at: bench.now, actor: bench.actor
        )
        _ = try bench.registry.unassign(unit, on: start + 4 * 86_400, at: bench.now, actor: bench.actor)
        #expect(try bench.registry.verify().ok)
        let run = try bench.unguardedSQL(sql)
        #expect(run.status == 0, "\(run.errors)")
        let problems = try bench.registry.verify().problems
        #expect(problems.contains(problem), "\(problems)")
    }
}

struct CustomerSearchTests {
    private let bench: StoreBench

    init() throws {
        bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "SL%-0003", "SL_-0004", "CSP-0712")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "KIS-1", name: "José Ángström", phone: "+254 712 345 678"))
            _ = try add(Customer(reference: "KIS-2", name: "Amina 100% Otieno", phone: "+255 754 123 456"))
            _ = try add(Customer(reference: "KIS-3", name: "amina", phone: nil))
        }
        for (unit, customer) in [("CSP-0001", "KIS-1"), ("SL%-0003", "KIS-2")] {
            _ = try bench.registry.assign(
                try PaygID(unit), to: try CustomerReference(customer), at: bench.now, actor: bench.actor
            )
        }
        // Held once, and no longer.
        let (unit, customer) = (try PaygID("CSP-0002"), try CustomerReference("KIS-3"))
        _ = try bench.registry.assign(unit, to: customer, at: bench.now, actor: bench.actor)
        _ = try bench.registry.unassign(unit, at: bench.now, actor: bench.actor)
    }

    @Test(arguments: [
        ("csp-000", ["CSP-0001", "CSP-0002"], ["KIS-1"]),
        ("0003", ["SL%-0003"], ["KIS-2"]),
        ("kis-1", ["CSP-0001"], ["KIS-1"]),
        ("jose", ["CSP-0001"], ["KIS-1"]),
        ("ÁNGSTR", ["CSP-0001"], ["KIS-1"]),
        ("amina", ["SL%-0003"], ["KIS-2", "KIS-3"]),
        // Signs that mean something to LIKE are only signs.
        ("%", ["SL%-0003"], ["KIS-2"]),
        ("_", ["SL_-0004"], []),
        ("L_-", ["SL_-0004"], []),
        ("\\", [], []),
        ("100%", ["SL%-0003"], ["KIS-2"]),
        // A phone number, however its digits are typed; and a PAYG ID that has them.
        ("0712 345", ["CSP-0001"], ["KIS-1"]),
        ("712-345", ["CSP-0001"], ["KIS-1"]),
        ("+254 712 345 678", ["CSP-0001"], ["KIS-1"]),
        ("00254712", ["CSP-0001"], ["KIS-1"]),
        ("0712", ["CSP-0001", "CSP-0712"], ["KIS-1"]),
        ("754123456", ["SL%-0003"], ["KIS-2"]),
        ("no such", [], []),
    ])
    func `units and customers are found by any part`(text: String, units: [String], customers: [String]) throws {
        #expect(try bench.registry.units(search: text).map(\.id.text) == units)
        #expect(try bench.registry.customers(search: text).map(\.reference.text) == customers)
    }

    @Test func `what is found is told as without a search, and filtered by the rest`() throws {
        let found = try bench.registry.customers(search: "amina")
        #expect(try found == bench.registry.customers().filter { $0.name.lowercased().hasPrefix("amina") })
        #expect(found.map(\.units.count) == [1, 0])
        #expect(try bench.registry.units(search: "csp", customer: try CustomerReference("KIS-1")).count == 1)
        #expect(try bench.registry.units(search: "csp", dispatch: 1, authority: "here").count == 3)
        for text in ["", " "] {
            #expect(throws: FleetError.self) { try bench.registry.units(search: text) }
            #expect(throws: FleetError.self) { try bench.registry.customers(search: text) }
        }
    }

    @Test func `no search reads every sealed credential`() throws {
        for search in [
            { _ = try bench.registry.units(search: "0712 345") },
            { _ = try bench.registry.customers(search: "0712 345") },
        ] {
            let scans = try plans(of: search).filter { $0.hasPrefix("SCAN unit") }
            #expect(!scans.isEmpty && scans.allSatisfy { $0.contains("COVERING INDEX") }, "\(scans)")
        }
    }

    /// How SQLite goes about what is asked of it.
    private func plans(of work: () throws -> Void) throws -> [String] {
        let asked = Asked()
        try bench.registry.read { db in
            db.trace { event in if case .statement(let statement) = event { asked.add(statement.expandedSQL) } }
        }
        try work()
        return try bench.registry.read { db in
            db.trace(options: [])
            return try asked.all.filter { $0.hasPrefix("SELECT") }.flatMap { sql in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
            }
        }
    }

    private final class Asked: @unchecked Sendable {
        private let lock = NSLock()
        private var statements: [String] = []

        var all: [String] { lock.withLock { statements } }

        func add(_ sql: String) {
            lock.withLock { statements.append(sql) }
        }
    }
}
