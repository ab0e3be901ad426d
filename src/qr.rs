//! QR codes as pictures, dark on white. The same text gives the same bytes.
//!
//! A shop's colour is taken where readers see it: where its contrast to white is at least 4.5 to 1, as WCAG 2.2 measures
//! it (1.4.3, level AA); every other one, pale or absent, is black.

use qrcode::render::svg;
use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

/// Blank modules around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;
/// Pixels of a module in a PNG.
const SCALE: usize = 6;

/// The least contrast of an ink to white.
const CONTRAST: f64 = 4.5;

/// Why there is no picture: the text is too long for a QR code, some 2 300 bytes.
#[derive(Debug, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

/// What the dark modules are drawn in: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink([u8; 3]);

impl Ink {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    /// A colour as `#rrggbb` where it stays readable on white, else black.
    pub fn of(color: Option<&str>) -> Self {
        let digits = color.and_then(|color| color.strip_prefix('#')).filter(|digits| digits.len() == 6);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let ink = number.map(u32::to_be_bytes).map(|[_, red, green, blue]| Self([red, green, blue]));
        ink.filter(|ink| ink.contrast() >= CONTRAST).unwrap_or(Self::BLACK)
    }

    /// Its contrast to white, 1 to 21 (WCAG 2.2, "contrast ratio", "relative luminance").
    fn contrast(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }
}

/// A QR code as a PNG, black on white.
pub fn png(text: &str) -> Result<Vec<u8>, TooLong> {
    png_in(text, Ink::BLACK)
}

/// The same in another ink.
pub fn png_in(text: &str, ink: Ink) -> Result<Vec<u8>, TooLong> {
    let code = encode(text)?;
    let modules = code.width();
    let side = (modules + 2 * QUIET) * SCALE;
    let colors = code.to_colors();
    let is_dark = |x: usize, y: usize| {
        let inside = |pixel: usize| (pixel / SCALE).checked_sub(QUIET).filter(|module| *module < modules);
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if colors[y * modules + x] == Color::Dark)
    };
    let row = |y: usize| {
        (0..side.div_ceil(8)).map(move |byte| {
            (0..8).fold(0u8, |bits, bit| {
                let x = byte * 8 + bit;
                (bits << 1) | u8::from(!is_dark(x, y))
            })
        })
    };
    let pixels: Vec<u8> = (0..side).flat_map(row).collect();
    Ok(write_png(u32::try_from(side).map_err(|_| TooLong)?, &pixels, ink))
}

/// A QR code as SVG, black on white.
pub fn svg(text: &str) -> Result<String, TooLong> {
    svg_in(text, Ink::BLACK)
}

/// The same in another ink.
pub fn svg_in(text: &str, Ink([red, green, blue]): Ink) -> Result<String, TooLong> {
    let (code, dark) = (encode(text)?, format!("#{red:02x}{green:02x}{blue:02x}"));
    let mut drawn = code.render::<svg::Color<'_>>();
    Ok(drawn.min_dimensions(200, 200).dark_color(svg::Color(&dark)).light_color(svg::Color("#ffffff")).build())
}

fn encode(text: &str) -> Result<QrCode, TooLong> {
    QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong)
}

/// Of two colours: a bit is 0 where the picture is dark.
fn write_png(side: u32, pixels: &[u8], ink: Ink) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_depth(png::BitDepth::One);
    if ink == Ink::BLACK {
        encoder.set_color(png::ColorType::Grayscale);
    } else {
        let Ink([red, green, blue]) = ink;
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(vec![red, green, blue, 255, 255, 255]);
    }
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels));
    written.expect("memory takes every byte, and the pixels fill the picture");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_shows_the_modules_of_the_code() {
        let bytes = png("K7QM-3F9X-T2WD").expect("short enough");
        let decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        let mut reader = decoder.read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("a frame");
        let code = encode("K7QM-3F9X-T2WD").expect("short enough");
        assert_eq!(info.width as usize, (code.width() + 8) * SCALE);
        let is_dark = |x: usize, y: usize| {
            let place = (y + QUIET) * SCALE * info.line_size * 8 + (x + QUIET) * SCALE;
            pixels[place / 8] & (0x80 >> (place % 8)) == 0
        };
        for (index, color) in code.to_colors().iter().enumerate() {
            let (x, y) = (index % code.width(), index / code.width());
            assert_eq!(is_dark(x, y), *color == Color::Dark, "module {x},{y}");
        }
        assert_eq!(bytes, png("K7QM-3F9X-T2WD").expect("the same"));
    }

    #[test]
    fn an_ink_is_taken_where_it_is_readable() {
        let table = [
            (Some("#000000"), [0, 0, 0], 21.0),
            (Some("#767676"), [0x76; 3], 4.54),
            (Some("#777777"), [0; 3], 4.48),
            (Some("#0a7d3c"), [0x0a, 0x7d, 0x3c], 5.23),
            (Some("#0000FF"), [0, 0, 255], 8.59),
            (Some("#ffcc00"), [0; 3], 1.51),
            (Some("#ffffff"), [0; 3], 1.0),
        ];
        for (color, expected, contrast) in table {
            assert_eq!(Ink::of(color), Ink(expected), "{color:?}");
            let number = u32::from_str_radix(&color.expect("a colour")[1..], 16).expect("a colour");
            let [_, red, green, blue] = number.to_be_bytes();
            assert!((Ink([red, green, blue]).contrast() - contrast).abs() < 0.01, "{color:?}");
        }
        for nothing in [None, Some(""), Some("red"), Some("#12345"), Some("#gggggg"), Some("#+12345"), Some("0a7d3c")] {
            assert_eq!(Ink::of(nothing), Ink::BLACK, "{nothing:?}");
        }
    }

    #[test]
    fn both_pictures_are_drawn_in_it() {
        let ink = Ink::of(Some("#0a7d3c"));
        let drawn = svg_in("K7QM-3F9X-T2WD", ink).expect("short enough");
        assert!(drawn.contains("#0a7d3c") && !drawn.contains("#000000"), "{drawn}");
        let bytes = png_in("K7QM-3F9X-T2WD", ink).expect("short enough");
        let decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        let reader = decoder.read_info().expect("a PNG");
        assert_eq!(reader.info().palette.as_deref(), Some(&[0x0a, 0x7d, 0x3c, 255, 255, 255][..]));
    }

    #[test]
    fn what_is_too_long_is_refused() {
        assert!(png(&"x".repeat(4000)).is_err());
        assert!(svg("https://grapevine.example/s/abc").is_ok_and(|text| text.contains("<svg")));
    }
}
