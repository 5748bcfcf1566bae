import Fleet
import Foundation

extension ListField: ColumnField {
    /// The headers that lists have been seen or are expected with, in English,
    /// French, Portuguese, Spanish and Swahili. A word that also means
    /// something else (`compte`, `cuenta`, `idadi`) is not among them.
    var headers: [String] {
        switch self {
        case .paygID:
            [
                "paygid", "paygnumber", "paygserialnumber", "serialnumber", "serialno", "serial", "sn", "deviceid",
                "deviceserial", "deviceserialnumber", "devicenumber", "unitid", "unitnumber", "unitserialnumber",
                "unit",
                "idpayg", "identifiantpayg", "numeropayg", "npayg", "nopayg", "codepayg", "numerodeserie", "noserie",
                "nodeserie", "nserie",
                "ndeserie",
                "iddelappareil", "identifiantdelappareil", "numerodelappareil", "numerodappareil",
                "iddodispositivo", "numerododispositivo", "idunidade", "iddaunidade", "numerodaunidade",
                "numerodoaparelho",
                "iddeldispositivo", "numerodeldispositivo", "idunidad", "iddelaunidad", "numerodelaunidad",
                "nambayapayg", "nambayaserial", "nambayakifaa", "idyakifaa", "kitambulishochakifaa",
            ]
        case .startingCode:
            [
                "startingcode", "startcode", "devicestartingcode",
                "codededepart", "codedepart", "codededemarrage", "codeinitial",
                "codigoinicial", "codigodepartida", "codigodeinicio", "codigodearranque",
                "msimbowakuanzia", "kodiyakuanzia", "nambayakuanzia",
            ]
        case .key:
            [
                "secretkey", "key", "secret", "devicekey", "devicesecretkey",
                "cle", "clesecrete", "clef", "clefsecrete", "cledelappareil", "clesecretedelappareil",
                "chave", "chavesecreta", "chavedodispositivo",
                "clave", "clavesecreta", "llave", "llavesecreta", "clavedeldispositivo",
                "ufunguo", "ufunguowasiri", "ufunguosiri",
            ]
        case .count:
            [
                "count", "tokencount", "lastcount", "currentcount", "lasttokencount", "devicecount",
                "compteur", "compteurinitial", "derniercompteur", "compteurdejetons",
                "contador", "contagem", "ultimocontador", "contadordetokens", "conteo",
                "hesabu", "kihesabu", "hesabuyatokeni",
            ]
        case .timeDivider:
            [
                "timedivider", "divider", "timedivisor",
                "diviseurdetemps", "diviseurtemps", "diviseur",
                "divisordetempo", "divisordotempo", "divisordetiempo", "divisordeltiempo", "divisor",
                "kigawanyochamuda", "kigawanyo",
            ]
        case .restrictedDigits:
            [
                "restricteddigitmode", "restricteddigitset", "restricteddigits", "restricted",
                "modechiffresrestreints", "modedechiffresrestreints", "chiffresrestreints", "moderestreint",
                "mododedigitosrestritos", "mododigitosrestritos", "digitosrestritos", "modorestrito",
                "mododedigitosrestringidos", "mododigitosrestringidos", "digitosrestringidos", "modorestringido",
                "tarakimuzilizopunguzwa", "modiyatarakimuchache",
            ]
        case .hardwareModel:
            [
                "hardwaremodel", "model", "devicemodel", "hardware",
                "modele", "modelemateriel", "modeledelappareil",
                "modelo", "modelodehardware", "modelodoaparelho", "modelododispositivo", "modelodeldispositivo",
                "modeli", "modeliyakifaa",
            ]
        case .firmwareVersion:
            [
                "version", "firmwareversion", "firmware", "softwareversion",
                "versionlogicielle", "versiondufirmware", "versiondumicrologiciel", "micrologiciel",
                "versao", "versaodofirmware", "versaodosoftware", "versiondelfirmware", "versiondelsoftware",
                "toleo", "toleolaprogramu",
            ]
        case .testCode:
            [
                "testcode", "codedetest", "codetest", "codedessai", "codigodeteste", "codigodeprueba",
                "msimbowajaribio", "msimbowamajaribio",
            ]
        }
    }

    var isRequired: Bool { self == .paygID || self == .key }

    func mayBe(_ header: String) -> Bool {
        func has(_ parts: String...) -> Bool { parts.contains { header.contains($0) } }
        return switch self {
        // Without them credentials are derived and counts begin at 1: no
        // column that is not understood may stand beside that.
        case .startingCode, .count: true
        case .timeDivider: has("divid", "divisor", "diviseur", "kigawany")
        case .restrictedDigits: has("restri", "restre", "digitmode", "tarakimu")
        case .testCode: has("testc", "codedetest", "codetest", "codigodete", "codigodepru", "jaribio")
        case .paygID, .key, .hardwareModel, .firmwareVersion: false
        }
    }
}

/// Words that say a list is at its end, in the same five languages.
enum EndWords {
    private static let words: Set<String> = [
        "total", "totals", "grandtotal", "totalunits", "totaldevices", "endoflist", "endoffile", "end", "eof",
        "listends", "totaux", "totalgeneral", "totalunites", "totaldappareils", "findeliste", "findelaliste",
        "findufichier", "fin", "totais", "totalgeral", "totaldeunidades", "totalunidades", "fimdalista", "fimdelista",
        "fimdoficheiro", "fim", "totales", "totaldeunidades", "findelalista", "findelista", "findelarchivo", "jumla",
        "jumlakuu", "jumlayavifaa", "mwisho", "mwishowaorodha",
    ]

    /// Whether a cell says it, perhaps with a number behind: `TOTAL: 3`.
    static func contain(_ cell: String) -> Bool {
        // `FIN-0003` and `END17` are names of units.
        let words = cell.split { $0.isWhitespace || ":=()".contains($0) }
        let texts = words.filter { !$0.allSatisfy { $0.isNumber || ".,'".contains($0) } }
        guard texts.allSatisfy({ !$0.contains(where: \.isNumber) && !$0.contains("_") }) else { return false }
        let letters = texts.joined().plainHeader
        return Self.words.contains(letters)
            // However it is put: “Nombre total d'unités”, “Suma de unidades”.
            || texts.count > 1
                && texts.contains { ["total", "somme", "suma", "soma", "jumla"].contains($0.lowercased()) }
    }
}

extension String {
    /// Letters and digits in lower case without accents, so that
    /// `Numéro de série`, `NUMERO_DE_SERIE` and `numero-de-serie` are one.
    var plainHeader: String {
        // Nobody's header is that long, and half a megabyte takes its time.
        guard utf8.count <= 512 else { return self }
        if utf8.allSatisfy({ $0 < 0x80 }) {
            let plain = utf8.compactMap { byte -> UInt8? in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                default: nil
                }
            }
            return String(decoding: plain, as: UTF8.self)
        }
        return String(
            String.UnicodeScalarView(
                decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars.filter {
                    ($0.properties.isAlphabetic && $0.properties.canonicalCombiningClass == .notReordered)
                        || ("0"..."9").contains($0)
                }
            )
        )
    }
}
