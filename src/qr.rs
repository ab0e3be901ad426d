//! QR codes as pictures. The same text gives the same bytes.

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

/// Blank modules around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;
/// Pixels of a module in a PNG.
const SCALE: usize = 6;

/// Why there is no picture: the text is too long for a QR code, some 2 300 bytes.
#[derive(Debug, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

/// A QR code as a black and white PNG.
pub fn png(text: &str) -> Result<Vec<u8>, TooLong> {
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
    Ok(write_png(u32::try_from(side).map_err(|_| TooLong)?, &pixels))
}

/// A QR code as SVG.
pub fn svg(text: &str) -> Result<String, TooLong> {
    let code = encode(text)?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build())
}

fn encode(text: &str) -> Result<QrCode, TooLong> {
    QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong)
}

fn write_png(side: u32, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
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
    fn what_is_too_long_is_refused() {
        assert!(png(&"x".repeat(4000)).is_err());
        assert!(svg("https://grapevine.example/s/abc").is_ok_and(|text| text.contains("<svg")));
    }
}
