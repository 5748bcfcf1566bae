import CSQLiteExtras
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Writes what is in the log back into the registry's file beside the work, on
/// a thread and a connection of its own: no token waits while thousands of pages
/// go to the disk.
///
/// SQLite starts its log anew once a change finds all of it written back. Behind
/// changes that go on there is always a rest, so the next one writes that back
/// itself: it is short. Several programs that change the registry always leave
/// each other one: once the log is long, they are held off for the rest.
///
/// Source: <https://www.sqlite.org/wal.html>, “Checkpointing”.
final class LogWriteBack: Sendable {
    private let path: String
    private let limit: Int
    let queue: DispatchQueue
    private let state: Mutex<State>

    private struct State {
        var phase = Phase.idle
        /// How many pages the log had after the last change.
        var length = 0
        /// With how many it is written back. More each time while somebody who
        /// reads keeps it from starting anew.
        var due: Int
    }

    private enum Phase {
        case idle
        case beside
        case rest
    }

    /// - Parameters:
    ///   - path: the registry's.
    ///   - pages: how many the log may have: 16 MB, so that what many tokens
    ///     change is written to the file once.
    ///   - queue: where it is done.
    init(_ path: String, pages: Int = 4000, queue: DispatchQueue = DispatchQueue(label: "payg.log")) {
        self.path = path
        limit = pages
        self.queue = queue
        state = Mutex(State(due: pages))
    }

    /// Has a connection tell of its changes. It must not make any when this is gone.
    func follow(_ db: Database) {
        sqlite3_wal_hook(
            db.sqliteConnection,
            { this, connection, _, pages in
                guard let this else { return SQLITE_OK }
                Unmanaged<LogWriteBack>.fromOpaque(this).takeUnretainedValue().committed(connection, Int(pages))
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Waits until nothing is being written back any more.
    func finish() {
        queue.sync {}
    }

    private func committed(_ connection: OpaquePointer?, _ pages: Int) {
        // Others' changes make the log longer, too.
        var own: Int32 = 0
        var most: Int32 = 0
        sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_WRITE, &own, &most, 1)
        switch state.withLock({ state in next(&state, pages, own: Int(own)) }) {
        case .idle:
            break
        case .rest:
            // Where another program is at it, it does as well.
            sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        case .beside:
            queue.async { [self] in
                writeBack()
                state.withLock { $0.phase = .rest }
            }
        }
    }

    /// What there is to do when the log has so many pages, of which a change
    /// just added its own.
    private func next(_ state: inout State, _ pages: Int, own: Int) -> Phase {
        if pages < state.length { state.due = limit }
        state.length = pages
        switch state.phase {
        case .beside:
            return .idle
        case .rest:
            state.phase = .idle
            state.due = pages + limit
            return .rest
        case .idle:
            guard pages >= state.due else { return .idle }
            state.due = pages + limit
            // One large change, an import: who made it may be about to end.
            guard own < 4 * limit else { return .rest }
            state.phase = .beside
            return .beside
        }
    }

    private func writeBack() {
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        // GRDB would make a registry where there is none any more.
        guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK,
            sqlite3_exec(connection, "PRAGMA synchronous = FULL", nil, nil, nil) == SQLITE_OK
        else { return }
        var length: Int32 = 0
        var written: Int32 = 0
        // Each time it is only what came during the time before. SQLite has the
        // file survive a power cut when all of the log is in it, and so the
        // next change would wait for all of this.
        for _ in 0..<2 {
            sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, &length, &written)
            guard database_file_sync(connection) == SQLITE_OK else { return }
        }
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, &length, &written)
        // Behind somebody who reads, holding off others is of no use.
        guard length >= 3 * limit, written == length else { return }
        // A second, in turns as short as those of whoever changes something.
        sqlite3_busy_handler(
            connection,
            { _, attempts in
                usleep(250)
                return attempts < 4000 ? 1 : 0
            }, nil)
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_FULL, nil, nil)
    }
}
