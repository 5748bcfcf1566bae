/// The same as a picture by itself: axes, title and legend, to be read in black
/// and white as well.
struct LightChartSVG {
    /// Units with light on at the end of each day.
    let lightOn: [Int]
    /// Units that are paid by the registry at the end of each day.
    let paid: [Int]
    let units: Int
    let title: String
    let note: String

    private let width = 960
    private let height = 540
    // Where the axes are.
    private let left = 80
    private let right = 930
    private let top = 96
    private let bottom = 470

    /// The file's text.
    var text: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        viewBox="0 0 \(width) \(height)" role="img" font-family="Helvetica, Arial, sans-serif" font-size="14">
        <title>\(Self.escaped(title))</title>
        <rect width="\(width)" height="\(height)" fill="white"/>
        <text x="\(left)" y="34" font-size="20" font-weight="bold">\(Self.escaped(title))</text>
        <text x="\(left)" y="56" fill="#444">\(Self.escaped(note))</text>
        \(legend)
        \(grid)
        <path d="\(area)" fill="#d9d9d9"/>
        <path d="\(line(lightOn))" fill="none" stroke="black" stroke-width="2"/>
        <path d="\(line(paid))" fill="none" stroke="#555" stroke-width="2" stroke-dasharray="2 5"/>
        <path d="M\(left) \(top)V\(bottom)H\(right)" fill="none" stroke="black"/>
        <text x="\((left + right) / 2)" y="\(height - 18)" text-anchor="middle">day</text>
        <text x="22" y="\((top + bottom) / 2)" text-anchor="middle" \
        transform="rotate(-90 22 \((top + bottom) / 2))">units</text>
        </svg>

        """
    }

    private var legend: String {
        """
        <rect x="\(left)" y="68" width="34" height="14" fill="#d9d9d9"/>
        <path d="M\(left) 68h34" stroke="black" stroke-width="2"/>
        <text x="\(left + 42)" y="80">light on</text>
        <path d="M\(left + 140) 75h34" stroke="#555" stroke-width="2" stroke-dasharray="2 5"/>
        <text x="\(left + 182)" y="80">paid, by the registry</text>
        """
    }

    private var grid: String {
        var lines: [String] = []
        for value in Self.ticks(upTo: highest) {
            let place = y(value)
            if value > 0 {
                lines.append("<path d=\"M\(left) \(place)H\(right)\" stroke=\"#bbb\" stroke-width=\"0.5\"/>")
            }
            lines.append("<text x=\"\(left - 8)\" y=\"\(place + 5)\" text-anchor=\"end\">\(value)</text>")
        }
        for day in Self.ticks(upTo: max(1, lightOn.count)) where day > 0 {
            lines.append("<path d=\"M\(x(day)) \(bottom)v5\" stroke=\"black\"/>")
            lines.append("<text x=\"\(x(day))\" y=\"\(bottom + 22)\" text-anchor=\"middle\">\(day)</text>")
        }
        return lines.joined(separator: "\n")
    }

    private var highest: Int { max(1, units) }

    /// Whole numbers that are told beside an axis: five or so, round ones.
    static func ticks(upTo highest: Int) -> [Int] {
        var step = 1
        while highest / step > 6 {
            for factor in [2, 5, 10] where highest / step > 6 {
                let power = step.description.first == "1" ? step : step.description.first == "2" ? step / 2 : step / 5
                step = power * factor
            }
        }
        return Array(stride(from: 0, through: highest, by: step))
    }

    private func x(_ day: Int) -> Int { left + (right - left) * day / max(1, lightOn.count) }

    private func y(_ value: Int) -> Int { bottom - (bottom - top) * min(value, highest) / highest }

    private func line(_ series: [Int]) -> String {
        series.enumerated().map { "\($0 == 0 ? "M" : "L")\(x($0 + 1)) \(y($1))" }.joined()
    }

    private var area: String {
        lightOn.isEmpty ? "" : line(lightOn) + "V\(bottom)H\(x(1))Z"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
