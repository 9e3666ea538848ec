package tables

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"contrastcheck/gmm"
)

// npyMagic begins NumPy's files of one array (NEP 1).
const npyMagic = "\x93NUMPY"

// array is an array of an NPY file, of which the header has been read.
type array struct {
	r       *bufio.Reader
	kind    byte // b, i, u, f, U or S
	size    int  // of an element, in bytes
	order   binary.ByteOrder
	fortran bool // columns follow each other
	shape   []int
}

// The bounds of a header that is believed: NumPy's own are shorter, and a covariance of more columns takes terabytes.
const longestHeader, longestElement, mostColumns = 1 << 16, 1 << 12, 1 << 16

var (
	npyDescr  = regexp.MustCompile(`'descr'\s*:\s*'([<>|=]?)([biufUS])([0-9]{1,9})'`)
	npyOrder  = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	npyShape  = regexp.MustCompile(`'shape'\s*:\s*\(([0-9, ]*)\)`)
	npyObject = regexp.MustCompile(`'descr'\s*:\s*('\|O|\[)`)
)

// readNPY reads the header of an array. It takes memory only for what is there.
func readNPY(r *bufio.Reader) (*array, error) {
	start := make([]byte, len(npyMagic)+2)
	if _, err := io.ReadFull(r, start); err != nil || string(start[:len(npyMagic)]) != npyMagic {
		return nil, malformed("the start of an NPY file", "other bytes")
	}
	length := make([]byte, 2)
	if start[len(npyMagic)] > 1 {
		length = make([]byte, 4)
	}
	if _, err := io.ReadFull(r, length); err != nil {
		return nil, errTruncated
	}
	n := uint32(binary.LittleEndian.Uint16(length))
	if len(length) == 4 {
		n = binary.LittleEndian.Uint32(length)
	}
	if n > longestHeader {
		return nil, malformed(fmt.Sprintf("a header of at most %d bytes", longestHeader), fmt.Sprint(n))
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, errTruncated
	}
	a := &array{r: r}
	return a, a.parse(string(header))
}

func malformed(expected, found string) error {
	return &gmm.InputError{Key: "header", Expected: expected, Found: found, Reason: gmm.ErrSyntax}
}

var errTruncated error = &gmm.InputError{Key: "header", Expected: "a whole NPY file", Found: "the end of the file", Reason: gmm.ErrSyntax}

// parse reads a header, a dictionary as Python writes it.
func (a *array) parse(header string) error {
	if npyObject.MatchString(header) {
		return malformed("an array of numbers or strings, such as astype(float) or astype(str) makes", "one of objects or records")
	}
	descr, order, shape := npyDescr.FindStringSubmatch(header), npyOrder.FindStringSubmatch(header), npyShape.FindStringSubmatch(header)
	if descr == nil || order == nil || shape == nil {
		return malformed("'descr', of a number or string type, 'fortran_order' and 'shape'", strings.TrimSpace(header))
	}
	a.kind, a.fortran, a.order = descr[2][0], order[1] == "True", binary.LittleEndian
	if descr[1] == ">" {
		a.order = binary.BigEndian
	}
	a.size, _ = strconv.Atoi(descr[3])
	if a.kind == 'U' {
		a.size *= 4
	}
	known := map[byte][]int{'b': {1}, 'i': {1, 2, 4, 8}, 'u': {1, 2, 4, 8}, 'f': {2, 4, 8}}
	if sizes, numeric := known[a.kind]; numeric && !slices.Contains(sizes, a.size) || a.size > longestElement {
		return malformed("elements of a size that is known", descr[2]+descr[3])
	}
	for _, text := range strings.Split(shape[1], ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n > math.MaxInt32*64 {
			return malformed("a shape that can be", shape[1])
		}
		a.shape = append(a.shape, n)
	}
	return nil
}

// numeric tells of an array of numbers.
func (a *array) numeric() bool { return a.kind != 'U' && a.kind != 'S' }

// matrix tells of an array that can be a table.
func (a *array) matrix() bool { return a.numeric() && len(a.shape) == 2 }

// single tells whether float32 holds the elements.
func (a *array) single() bool { return a.kind == 'f' && a.size <= 4 || a.size <= 2 }

// bytes is what the shape promises.
func (a *array) bytes() float64 {
	total := float64(a.size)
	for _, n := range a.shape {
		total *= float64(n)
	}
	return total
}

// read fills into with the next elements as numbers, through a buffer. Whole numbers beyond 2^53 become NaN.
func (a *array) read(into []float64, buffer []byte) error {
	buffer = buffer[:len(into)*a.size]
	if _, err := io.ReadFull(a.r, buffer); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	for i := range into {
		at := buffer[i*a.size:]
		switch {
		case a.kind == 'f' && a.size == 8:
			into[i] = math.Float64frombits(a.order.Uint64(at))
		case a.kind == 'f' && a.size == 4:
			into[i] = float64(math.Float32frombits(a.order.Uint32(at)))
		default:
			into[i] = a.other(at)
		}
	}
	return nil
}

// other is an element of a rarer type.
func (a *array) other(at []byte) float64 {
	const mostWhole = 1 << 53
	var bits uint64
	switch a.size {
	case 1:
		bits = uint64(at[0])
	case 2:
		bits = uint64(a.order.Uint16(at))
	case 4:
		bits = uint64(a.order.Uint32(at))
	default:
		bits = a.order.Uint64(at)
	}
	switch a.kind {
	case 'f':
		return half(uint16(bits))
	case 'i':
		unused := 64 - 8*a.size
		if x := int64(bits<<unused) >> unused; -mostWhole <= x && x <= mostWhole {
			return float64(x)
		}
		return math.NaN()
	}
	if bits > mostWhole {
		return math.NaN()
	}
	return float64(bits)
}

// half is the value of a float16 (IEEE 754 binary16).
func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	var x float64
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		if x = math.Inf(1); fraction != 0 {
			return math.NaN()
		}
	default:
		x = math.Ldexp(1024+fraction, exponent-25)
	}
	if bits>>15 == 1 {
		return -x
	}
	return x
}

// readNPYLabels reads labels: numbers or strings.
func readNPYLabels(r *bufio.Reader) ([]string, error) {
	a, err := readNPY(r)
	if err != nil {
		return nil, err
	}
	if len(a.shape) == 2 && a.shape[1] == 1 {
		a.shape = a.shape[:1]
	}
	if len(a.shape) != 1 {
		return nil, malformed("one label a row, an array of one dimension", fmt.Sprintf("shape %v", a.shape))
	}
	var out []string
	value, buffer := make([]float64, 1), make([]byte, max(a.size, 8))
	for i := range a.shape[0] {
		label := ""
		if a.numeric() {
			err = a.read(value, buffer)
			label = strconv.FormatFloat(value[0], 'f', -1, 64)
		} else {
			label, err = a.text(buffer[:a.size])
		}
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(label) == "" || label == "NaN" {
			return nil, &gmm.InputError{Key: fmt.Sprintf("row %d", i+1), Expected: "a class label", Found: strconv.Quote(label), Reason: gmm.ErrSyntax}
		}
		out = append(out, label)
	}
	return out, nil
}

// text reads a string, which zeros fill up.
func (a *array) text(buffer []byte) (string, error) {
	if _, err := io.ReadFull(a.r, buffer); err != nil {
		return "", io.ErrUnexpectedEOF
	}
	if a.kind == 'S' {
		label := strings.TrimRight(string(buffer), "\x00")
		if !utf8.ValidString(label) {
			return "", malformed("labels in UTF-8", strconv.Quote(label))
		}
		return label, nil
	}
	var label strings.Builder
	for at := 0; at < len(buffer); at += 4 {
		if r := a.order.Uint32(buffer[at:]); r != 0 {
			label.WriteRune(rune(r & 0x7fffffff))
		}
	}
	return label.String(), nil
}
