// swift-tools-version: 6.2
import PackageDescription

// Whether the program is linked with everything it needs inside, as
// `scripts/prepare` does where it can: it starts in two thirds of the time.
let isWhole = Context.environment["PAYG_WHOLE"] == "1"

let package = Package(
    name: "payg",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "payg", targets: ["payg"]),
        .library(name: "OpenPAYGO", targets: ["OpenPAYGO"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The token standard. Imports nothing, not even Foundation; its own C
        // target reaches the vector units.
        .target(name: "COpenPAYGO", exclude: ["chains.inc"]),
        .target(name: "OpenPAYGO", dependencies: ["COpenPAYGO"]),

        // A simulated unit. Imports nothing from outside.
        .target(name: "ChargeController", dependencies: ["OpenPAYGO"]),

        // Bytes that are wiped after use, and no core dumps; the system calls
        // for it need C.
        .target(name: "CSecretMemory"),
        .target(name: "SecretMemory", dependencies: ["CSecretMemory"]),

        // The model and its rules. No input, no output.
        .target(name: "Fleet", dependencies: ["OpenPAYGO", "SecretMemory"]),

        // Files that are private, and appear whole or not at all.
        .target(name: "PrivateFiles", dependencies: ["SecretMemory"]),

        // The key file, and sealed credentials.
        .target(
            name: "KeyVault",
            dependencies: [
                "PrivateFiles", "SecretMemory",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]
        ),

        // Dispatch lists in, provider files out.
        .systemLibrary(
            name: "CLibCSV",
            providers: [.apt(["libcsv-dev"]), .brew(["libcsv"])]
        ),
        .target(
            name: "CredentialFiles",
            dependencies: [
                "CLibCSV", "Fleet", "OpenPAYGO", "PrivateFiles",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("Profiles")]
        ),

        // What customers are told: text messages, and slips on paper. No
        // input, no output.
        .target(
            name: "CustomerMessages",
            dependencies: ["Fleet", "OpenPAYGO", .product(name: "Yams", package: "Yams")],
            resources: [.embedInCode("Languages"), .embedInCode("SlipSheet.css")]
        ),

        // What of SQLite is to be had in C alone, and its log written at once.
        .target(name: "CSQLiteExtras"),

        // SQLite, and the only module that sees it. `Migrations` is a link to
        // the folder of that name at the top level.
        .target(
            name: "FleetStore",
            dependencies: [
                "CSQLiteExtras", "Fleet", "KeyVault", "OpenPAYGO", "PrivateFiles", "SecretMemory",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            resources: [.embedInCode("Migrations")]
        ),

        // What a user does, without flags and without printing.
        .target(
            name: "FleetOperations",
            dependencies: [
                "CredentialFiles", "CustomerMessages", "Fleet", "FleetStore", "OpenPAYGO", "PrivateFiles",
                "SecretMemory",
            ],
            resources: [.embedInCode("RecoverySheet.css"), .embedInCode("ReconciliationReport.css")]
        ),

        // The command. `SampleData` is a link to the folder at the top level.
        .executableTarget(
            name: "payg",
            dependencies: [
                "ChargeController", "CustomerMessages", "Fleet", "FleetOperations", "OpenPAYGO", "PrivateFiles",
                "SecretMemory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.embedInCode("SampleData")],
            linkerSettings: isWhole ? [.unsafeFlags(["-static-executable"], .when(platforms: [.linux]))] : []
        ),

        // Tests of the pure modules need nothing from outside.
        .testTarget(name: "OpenPAYGOTests", dependencies: ["OpenPAYGO"], exclude: ["Vectors"]),
        .testTarget(
            name: "ChargeControllerTests", dependencies: ["ChargeController", "OpenPAYGO"], exclude: ["Vectors"]
        ),
        .testTarget(name: "FleetTests", dependencies: ["ChargeController", "Fleet", "OpenPAYGO"]),
        .testTarget(name: "PrivateFilesTests", dependencies: ["PrivateFiles", "SecretMemory", "TestSupport"]),
        .testTarget(name: "SecretMemoryTests", dependencies: ["SecretMemory", "TestSupport"]),
        .testTarget(
            name: "KeyVaultTests",
            dependencies: [
                "KeyVault", "SecretMemory", "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["open_key_file.py"]
        ),
        .testTarget(
            name: "CredentialFilesTests", dependencies: ["CredentialFiles", "TestSupport"],
            exclude: ["Corpus", "Golden"]
        ),
        .testTarget(
            name: "CustomerMessagesTests",
            dependencies: ["CustomerMessages", "TestSupport", .product(name: "Yams", package: "Yams")]
        ),
        .testTarget(
            name: "FleetStoreTests",
            dependencies: [
                "ChargeController", "CSQLiteExtras", "FleetStore", "SecretMemory", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Schemas"]
        ),
        .testTarget(
            name: "FleetOperationsTests",
            dependencies: ["ChargeController", "CustomerMessages", "FleetOperations", "TestSupport"]
        ),
        .testTarget(
            name: "PaygTests",
            dependencies: ["ChargeController", "OpenPAYGO", "payg", "SecretMemory", "TestSupport"]
        ),
        .target(name: "TestSupport", dependencies: ["CFreedMemory", "SecretMemory"], path: "Tests/TestSupport"),
        // Looks at memory as it is freed. In tests alone: it has a `free` of its own.
        .target(name: "CFreedMemory", path: "Tests/CFreedMemory"),

        // Timed by `scripts/benchmark`.
        .target(name: "BenchmarkRival", path: "Tests/BenchmarkRival", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "benchmark-issue",
            dependencies: ["BenchmarkRival", "Fleet", "FleetStore", "OpenPAYGO"],
            path: "Tests/BenchmarkIssue"
        ),
        .executableTarget(
            name: "benchmark", dependencies: ["BenchmarkRival", "OpenPAYGO"], path: "Tests/Benchmark",
            exclude: ["export_units.py", "import_lists.py", "issue_tokens.py", "reconcile_lists.py"]
        ),

        // Lists changed at random, read by `scripts/fuzz`.
        .executableTarget(name: "fuzz", dependencies: ["CredentialFiles", "Fleet", "OpenPAYGO"], path: "Tests/Fuzz"),

        // Compared with another implementation by `scripts/conformance`.
        .executableTarget(
            name: "conformance", dependencies: ["ChargeController", "Fleet", "OpenPAYGO"],
            path: "Tests/Conformance", exclude: ["compare.py"]
        ),
    ],
    swiftLanguageModes: [.v6]
)
