/// How telephone numbers are dialled, country by country.
///
/// Facts of ITU-T E.164 (list of assigned country codes) and of the national
/// numbering plans that operators file with ITU-T E.129.
enum DiallingCodes {
    /// One country.
    struct Plan: Sendable {
        /// What comes after the plus: `254`.
        let code: String
        /// What is dialled before a number inside the country and nowhere else.
        let trunkPrefixes: [String]
        /// Whether a number may begin with 0, which then is dialled from
        /// everywhere: in Italy, and where it followed.
        let keepsZero: Bool
        /// How many digits the country's ordinary numbers have at most, where
        /// that tells what stands in front of one or within it; nil elsewhere.
        let longest: Int?
    }

    /// The plan of each country, by its ISO 3166-1 code.
    static let plans: [String: Plan] = {
        var plans: [String: Plan] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 3 else { continue }
            let prefixes = words[2] == "-" || words[2] == "=" ? [] : words[2].split(separator: ",").map(String.init)
            plans[words[0]] = Plan(
                code: words[1], trunkPrefixes: prefixes, keepsZero: words[2] == "=",
                longest: words.count > 3 ? Int(words[3]) : nil
            )
        }
        for country in northAmerica.split(whereSeparator: \.isWhitespace) {
            plans[String(country)] = Plan(code: "1", trunkPrefixes: ["1"], keepsZero: false, longest: 10)
        }
        return plans
    }()

    /// Every code there is: those of countries, and those of satellite and
    /// other networks that are in none.
    static let codes: Set<String> = {
        let networks = ["800", "808", "870", "878", "881", "882", "883", "888", "979"]
        return Set(plans.values.map(\.code) + networks)
    }()

    /// Codes whose numbers may begin with 0, or have no plan here.
    static let codesKeepingZero: Set<String> = {
        let losing = Set(plans.values.filter { !$0.keepsZero }.map(\.code))
        return codes.filter { code in
            plans.values.contains { $0.code == code && $0.keepsZero } || !losing.contains(code)
        }
    }()

    /// The country code that a number begins with; none begins another.
    static func code(of digits: String) -> String? {
        (1...3).lazy.map { String(digits.prefix($0)) }.first(where: codes.contains)
    }

    /// Countries that share the code 1.
    private static let northAmerica = """
        AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT US VC VG VI
        """

    /// Country, code, trunk prefixes (`-` for none, `=` for none and numbers
    /// that may begin with 0) and, where it matters, the most digits.
    private static let table = """
        AC 247 -
        AD 376 -
        AE 971 0
        AF 93 0
        AL 355 0
        AM 374 0
        AO 244 -
        AQ 672 -
        AR 54 0 11
        AT 43 0
        AU 61 0
        AW 297 -
        AX 358 0
        AZ 994 0
        BA 387 0
        BD 880 0
        BE 32 0
        BF 226 =
        BG 359 0
        BH 973 -
        BI 257 -
        BJ 229 =
        BL 590 0
        BN 673 -
        BO 591 0
        BQ 599 -
        BR 55 0 11
        BT 975 -
        BW 267 -
        BY 375 80,8 9
        BZ 501 -
        CC 61 0
        CD 243 0
        CF 236 -
        CG 242 =
        CH 41 0
        CI 225 =
        CK 682 -
        CL 56 -
        CM 237 -
        CN 86 0
        CO 57 -
        CR 506 -
        CU 53 0 8
        CV 238 -
        CW 599 -
        CX 61 0
        CY 357 -
        CZ 420 -
        DE 49 0
        DJ 253 -
        DK 45 - 8
        DZ 213 0
        EC 593 0
        EE 372 -
        EG 20 0
        EH 212 0
        ER 291 0
        ES 34 -
        ET 251 0
        FI 358 0
        FJ 679 -
        FK 500 -
        FM 691 -
        FO 298 -
        FR 33 0
        GA 241 -
        GB 44 0
        GE 995 0
        GF 594 0
        GG 44 0
        GH 233 0
        GI 350 -
        GL 299 -
        GM 220 -
        GN 224 -
        GP 590 0
        GQ 240 -
        GR 30 -
        GS 500 -
        GT 502 -
        GW 245 -
        GY 592 -
        HK 852 -
        HN 504 -
        HR 385 0
        HT 509 -
        HU 36 06 9
        ID 62 0
        IE 353 0
        IL 972 0
        IM 44 0
        IN 91 0
        IO 246 -
        IQ 964 0
        IR 98 0
        IS 354 -
        IT 39 =
        JE 44 0
        JO 962 0
        JP 81 0
        KE 254 0
        KG 996 0
        KH 855 0
        KI 686 0
        KM 269 -
        KP 850 0
        KR 82 0
        KW 965 -
        KZ 7 8
        LA 856 0
        LB 961 0
        LI 423 0
        LK 94 0
        LR 231 0
        LS 266 -
        LT 370 0,8 8
        LU 352 -
        LV 371 -
        LY 218 0
        MA 212 0
        MC 377 0
        MD 373 0
        ME 382 0
        MF 590 0
        MG 261 0
        MH 692 1 7
        MK 389 0
        ML 223 -
        MM 95 0
        MN 976 0
        MO 853 -
        MQ 596 0
        MR 222 -
        MT 356 -
        MU 230 -
        MV 960 -
        MW 265 0
        MX 52 -
        MY 60 0
        MZ 258 -
        NA 264 0
        NC 687 -
        NE 227 =
        NF 672 -
        NG 234 0
        NI 505 -
        NL 31 0
        NO 47 - 8
        NP 977 0
        NR 674 -
        NU 683 -
        NZ 64 0
        OM 968 -
        PA 507 -
        PE 51 0
        PF 689 -
        PG 675 -
        PH 63 0
        PK 92 0
        PL 48 -
        PM 508 0
        PN 64 0
        PS 970 0
        PT 351 -
        PW 680 -
        PY 595 0
        QA 974 -
        RE 262 0
        RO 40 0
        RS 381 0
        RU 7 8
        RW 250 0
        SA 966 0
        SB 677 -
        SC 248 -
        SD 249 0
        SE 46 0
        SG 65 - 8
        SH 290 -
        SI 386 0
        SJ 47 - 8
        SK 421 0
        SL 232 0
        SM 378 =
        SN 221 -
        SO 252 0
        SR 597 -
        SS 211 0
        ST 239 -
        SV 503 -
        SY 963 0
        SZ 268 -
        TA 290 -
        TD 235 -
        TG 228 -
        TH 66 0
        TJ 992 -
        TK 690 -
        TL 670 -
        TM 993 8 8
        TN 216 -
        TO 676 -
        TR 90 0
        TV 688 -
        TW 886 0
        TZ 255 0
        UA 380 0
        UG 256 0
        UY 598 0
        UZ 998 -
        VA 39 =
        VE 58 0
        VN 84 0
        VU 678 -
        WF 681 -
        WS 685 -
        XK 383 0
        YE 967 0
        YT 262 0
        ZA 27 0
        ZM 260 0
        ZW 263 0
        """
}
