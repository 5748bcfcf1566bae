import Foundation
import TestSupport

#if os(Linux)
    /// The program at a terminal of its own, with somebody who types.
    extension InstalledProgram {
        /// Runs a script in Python with the program and what starts it in a
        /// terminal of its own: `run(arguments)` gives back a process id and the
        /// terminal, `until(text)` waits until it has shown that.
        func inTerminal(_ script: String) throws -> ProgramRun {
            let prelude = """
                import fcntl, os, pty, resource, select, signal, sys, termios, time
                program, shown = sys.argv[1], ""
                # A crash is not to be asked about at the terminal.
                os.environ["SWIFT_BACKTRACE"] = "enable=no"
                # The threads that tests run on block signals, and programs inherit that.
                signal.pthread_sigmask(signal.SIG_SETMASK, [])
                def run(*arguments, before=None):
                    global shown
                    shown = ""
                    process, terminal = pty.fork()
                    if process == 0:
                        # What whoever runs the tests in the background has ignored is inherited, too.
                        for number in [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM]:
                            signal.signal(number, signal.SIG_DFL)
                        if before: before()
                        os.execv(program, [program, *arguments])
                    return process, terminal
                def until(terminal, text):
                    global shown
                    end = time.monotonic() + 60
                    while text not in shown:
                        if not select.select([terminal], [], [], 1)[0]:
                            assert time.monotonic() < end, shown
                            continue
                        try: part = os.read(terminal, 4096)
                        except OSError: part = b""
                        assert part, f"it ended: {shown}"
                        shown += part.decode()
                def rest(terminal):
                    global shown
                    try:
                        while part := os.read(terminal, 4096): shown += part.decode()
                    except OSError: pass
                def echoes(terminal): return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
                # TIOCGPTN, for Python has no ptsname before 3.13.
                def number_of(terminal): return int.from_bytes(fcntl.ioctl(terminal, 0x80045430, bytes(4)), "little")
                def status(process): return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

                """
            return try ProgramRun(
                "python3", ["-c", prelude + script, program], folder: folder.path, environment: environment)
        }
    }
#endif
