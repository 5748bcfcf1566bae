import Foundation
import TestSupport
import Testing

#if os(Linux)
    /// The keypad at a real terminal, one of `tmux`'s: what its screen shows, and
    /// what is left of it afterwards.
    struct KeypadProcessTests: InstalledProgram {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            let list = "\(projectFolder)/SampleData/cloud-solar-dispatch.csv"
            #expect(
                try payg("device", "new", "--from", list, "--row", "CSP-240311", "--state", "unit.json").status == 0)
        }

        /// What a shell is given to operate a terminal with. Nothing in it waits
        /// for longer than some seconds.
        private static let helpers = """
            tm() { tmux -S "$PWD/tmux" -f /dev/null "$@"; }
            keys() { tm send-keys -t 0 "$@"; }
            screen() { tm capture-pane -p -t 0; }
            until_shown() {
                for try in $(seq 300); do screen | grep -qF -- "$1" && return; sleep 0.02; done
                echo "never shown: $1"; screen; exit 1
            }
            # All but the size. The mark is put together there, so that the typed line has none.
            settings_to() { keys "stty -a | sed 1d > $1; echo \\"is\\" at $1" Enter; until_shown "is at $1"; }
            # After the keypad: the screen of before, a cursor, and the same settings.
            given_back() {
                until_shown 'is at before'
                settings_to after
                cmp before after && echo 'settings: same'
                state
            }
            state() { tm display -p -t 0 'alternate: #{alternate_on} cursor: #{cursor_flag}'; }
            # The clock runs, and a key that was pressed stays down for a moment.
            whole_screen() { until_shown "$1"; screen | sed -E 's/(Clock +)[0-9]+s/\\1…/'; }
            keypad="\\"$payg\\" device keypad \\"$PWD/unit.json\\""
            keypad_pid() { pgrep -s "${sessions#* }" -x payg; }
            # The server of the terminal, and the session of what runs in it.
            end() { for one in $sessions; do pkill -KILL -s $one; done; }
            trap end EXIT
            tm new-session -d -x 80 -y 24 "PS1='ready> ' exec sh" >server 2>&1 </dev/null
            sessions=$(tm display -p -t 0 '#{pid} #{pane_pid}')
            until_shown 'ready>'
            settings_to before
            """

        /// What a script prints that operates a terminal.
        private func terminal(_ script: String) throws -> String {
            let run = try shell(Self.helpers + "\n" + script)
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            return run.output + run.errors
        }

        /// Runs a script, for no longer than half a minute.
        ///
        /// The threads that tests run on block signals, and programs inherit that:
        /// a shell would wait for its children for ever. They inherit a socket as
        /// well, whose closing tells that a program has ended, and the terminal's
        /// server must not have it.
        private func shell(_ script: String) throws -> ProgramRun {
            let start = """
                import signal, subprocess, sys
                signal.pthread_sigmask(signal.SIG_SETMASK, [])
                for one in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP):
                    signal.signal(one, signal.SIG_DFL)
                status = subprocess.run(["timeout", "-k", "1", "30", "bash", "-c", sys.argv[1]]).returncode
                if status: subprocess.run(["tmux", "-S", "tmux", "kill-server"], capture_output=True)
                sys.exit(status)
                """
            return try ProgramRun(
                "python3", ["-c", start, script], folder: folder.path,
                environment: environment.merging(["LANG": "C.UTF-8", "payg": program, "TERM": "xterm"]) { $1 })
        }

        private static let givenBack = "settings: same\nalternate: 0 cursor: 1\n"

        private func status() throws -> String { try payg("device", "status", "unit.json").output }

        @Test func `the unit is drawn on a screen of its own, whole and without colour`() throws {
            let told = try terminal(
                """
                keys "$keypad" Enter; until_shown 'q quit'
                state
                keys 649118926 Enter; until_shown 'Valid 29d 23h'
                whole_screen '│  #  │'
                tm capture-pane -e -p -t 0 | grep -c $'\\e\\['
                keys q; until_shown 'is saved in'
                given_back
                """)
            #expect(
                told == """
                    alternate: 1 cursor: 0
                     CSP-240311                                         simulated charge controller

                       ┌──────────────────────────────┐
                       │     ┌──────────────────┐     │     Load       on
                       │     │ Valid 29d 23h    │     │     Time left  29d 23h 59m
                       │     └──────────────────┘     │     Power      on
                       │         LOAD (●) on          │     Keypad     takes tokens
                       │   ┌─────┐ ┌─────┐ ┌─────┐    │     Count      2
                       │   │  1  │ │  2  │ │  3  │    │     Clock      …
                       │   └─────┘ └─────┘ └─────┘    │     Speed      ×1
                       │   ┌─────┐ ┌─────┐ ┌─────┐    │
                       │   │  4  │ │  5  │ │  6  │    │     Keys       6 4 9 1 1 8 9 2 6 #
                       │   └─────┘ └─────┘ └─────┘    │
                       │   ┌─────┐ ┌─────┐ ┌─────┐    │
                       │   │  7  │ │  8  │ │  9  │    │
                       │   └─────┘ └─────┘ └─────┘    │
                       │   ┌─────┐ ┌─────┐ ┌─────┐    │
                       │   │  *  │ │  0  │ │  #  │    │
                       │   └─────┘ └─────┘ └─────┘    │
                       └──────────────────────────────┘

                       0-9 * # are the unit's keys; Enter is #, Backspace *
                       f faster   p power   ? help   q quit

                    0

                    """ + Self.givenBack)
            #expect(try status().contains("count\t2\n"))
        }

        @Test(arguments: ["TERM", "HUP", "QUIT"])
        func `a signal ends it as q does, and is told to the shell`(_ signal: String) throws {
            let told = try terminal(
                """
                keys "$keypad; echo ended with \\$?" Enter; until_shown 'q quit'
                keys p; until_shown 'Power      off'
                kill -\(signal) $(keypad_pid)
                until_shown 'ended with 1'
                screen | grep 'ended with 1' | tail -1
                given_back
                """)
            let code = ["TERM": 143, "HUP": 129, "QUIT": 131][signal] ?? 0
            #expect(told == "ended with \(code)\n" + Self.givenBack)
            #expect(try status().contains("power\toff\n"), "what happened is kept")
        }

        @Test func `Ctrl-C ends it, and Ctrl-Z stops it until it is asked for again`() throws {
            let told = try terminal(
                """
                keys "$keypad" Enter; until_shown 'q quit'
                keys 12; until_shown '│ 12 '
                keys C-z; until_shown 'topped'
                state
                settings_to stopped; cmp before stopped && echo 'stopped: same'
                keys fg Enter; until_shown '│ 12 '
                state
                keys 3; until_shown '│ 123 '
                keys C-c
                given_back
                """)
            #expect(
                told == "alternate: 0 cursor: 1\nstopped: same\nalternate: 1 cursor: 0\n" + Self.givenBack)
        }

        @Test func `it is stopped and goes on again and again, from a script's or a user's hand`() throws {
            let told = try terminal(
                """
                keys "$keypad" Enter; until_shown 'q quit'
                for time in 1 2 3; do
                    kill -TSTP $(keypad_pid); until_shown topped
                    keys clear Enter; keys fg Enter; until_shown 'q quit'
                done
                keys q; until_shown 'is saved in'
                settings_to after; cmp before after && echo 'settings: same'
                state
                """)
            #expect(told == Self.givenBack)
        }

        @Test func `an error gives the terminal back, and stands in red on the screen of before`() throws {
            for (variables, lead) in [("", "\u{1B}[1m\u{1B}[31merror:"), ("NO_COLOR=1 ", "error: ")] {
                let told = try terminal(
                    """
                    mkdir away; cp unit.json away
                    keys '\(variables)"$payg" device keypad "$PWD/away/unit.json"' Enter; until_shown 'q quit'
                    keys p; until_shown 'Power      off'
                    rm -r away
                    keys q; until_shown 'error: '; until_shown 'hint: '
                    tm capture-pane -e -p -t 0 | grep error:
                    given_back
                    """)
                #expect(told.hasPrefix(lead) && told.hasSuffix(Self.givenBack), "\(told.debugDescription)")
            }
        }

        @Test func `a closed terminal is no reason to lose what was entered`() throws {
            let told = try terminal(
                """
                keys "$keypad" Enter; until_shown 'q quit'
                keys 649118926 Enter; until_shown 'Valid'
                pid=$(keypad_pid)
                tm kill-server
                for try in $(seq 200); do kill -0 $pid 2>/dev/null || exit 0; sleep 0.02; done
                echo 'still there'
                """)
            #expect(told == "")
            #expect(try status().contains("count\t2\n"))
        }

        @Test func `without UTF-8 all of it is ASCII, and a window can change its size`() throws {
            let told = try terminal(
                """
                keys "LC_ALL=C $keypad" Enter; until_shown '|  1  |'
                screen | LC_ALL=C grep -c '[^ -~]'
                tm resize-window -t 0 -x 60 -y 20; until_shown '80 x 24 needed'
                screen | head -3
                keys 12
                tm resize-window -t 0 -x 100 -y 30; until_shown '|  1  |'
                screen | grep -c needed
                until_shown '| 12 '
                keys q; until_shown 'is saved in'
                """)
            #expect(told == "0\n60 x 20\n80 x 24 needed\nq quits\n0\n")
        }

        @Test func `a terminal that is too small, or has no screen, and a pipe are refused`() throws {
            let told = try terminal(
                """
                keys "TERM=dumb $keypad; $keypad | cat; echo \\"both\\" of them" Enter; until_shown 'both of them'
                screen | grep -c '^error: the keypad takes a whole'
                tm resize-window -t 0 -x 79 -y 24
                keys "until stty size | grep 79; do sleep 0.05; done; $keypad" Enter
                until_shown 'error: the terminal has 79 columns'
                settings_to after; cmp before after && echo 'settings: same'
                state
                """)
            #expect(told == "2\n" + Self.givenBack)
            let piped = try payg("device", "keypad", "unit.json")
            #expect(
                piped.status == 64 && piped.output == "" && piped.errors.hasPrefix("error: the keypad takes a whole"))
        }

        @Test func `while the keypad is open nobody else enters tokens, and anybody can look`() throws {
            let told = try terminal(
                """
                keys "$keypad" Enter; until_shown 'q quit'
                "$payg" device enter unit.json 649118926 2>&1; echo $?
                "$payg" device status unit.json | head -1
                keys q; until_shown 'is saved in'
                """)
            #expect(told.contains("has the simulated unit") && told.contains("\n75\nunit\tCSP-240311\n"), "\(told)")
        }

        @Test func `killed outright, what was there before is whole`() throws {
            let told = try terminal(
                """
                keys "$keypad" Enter; until_shown 'q quit'
                keys 649118926 Enter; until_shown 'Valid'
                kill -KILL $(keypad_pid); until_shown illed
                """)
            #expect(told == "")
            #expect(try status().contains("count\t1\n") && folder.names().filter { $0.contains("part") }.isEmpty)
        }

        @Test func `eight programs at one state file lose none of what each did`() throws {
            let run = try shell(
                "for i in 1 2 3 4 5 6 7 8; do \"$payg\" device status unit.json --advance 1h >out$i & done; wait; rm out*"
            )
            #expect(run.status == 0 && run.errors == "")
            #expect(try status().contains("clock\t28800\n"))
            #expect(try folder.names() == ["unit.json"])
        }

        @Test func `an entry killed at random moments is stored with its time or not at all`() throws {
            #expect(try payg("init").status == 0)
            try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv")
            var (longest, stored, lost) = (10_000.0, 0, 0)
            for days in 1...30 {
                let token = try payg("issue", "CSP-240311", "--days", "1").output
                    .trimmingCharacters(in: .whitespacesAndNewlines)
                let process = try Process.ready(
                    program, ["device", "enter", "unit.json", token], folder: folder.path, environment: environment)
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                try process.run()
                usleep(UInt32.random(in: 0...UInt32(longest)))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                longest *= process.terminationReason == .exit ? 0.8 : 1.25
                // Entered again it is taken, or was: either way its day is there, once.
                let again = try payg("device", "enter", "unit.json", token)
                #expect(again.output.contains("\t\(days * 86_400)\t\(2 * days)\n"), "\(again.output)\(again.errors)")
                if again.status == 0 { lost += 1 } else { stored += 1 }
            }
            #expect(stored > 3 && lost > 3)
        }
    }
#endif
