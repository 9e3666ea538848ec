package tables

import (
	"bufio"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// WriteNPY writes a matrix as NumPy does: float64, a row after the other (NEP 1, version 1.0).
func WriteNPY(w io.Writer, x mat.Matrix) error {
	n, d := x.Dims()
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }", n, d)
	const alignment = 64
	before := len(npyMagic) + 4 // with the version and the header's length
	header += strings.Repeat(" ", alignment-1-(before+len(header))%alignment) + "\n"
	out := bufio.NewWriterSize(w, bufferSize)
	start := append([]byte(npyMagic), 1, 0)
	_, _ = out.Write(binary.LittleEndian.AppendUint16(start, uint16(len(header)))) // Flush tells of all failures
	_, _ = out.WriteString(header)
	number := make([]byte, 8)
	for i := range n {
		for j := range d {
			binary.LittleEndian.PutUint64(number, math.Float64bits(x.At(i, j)))
			_, _ = out.Write(number)
		}
	}
	return out.Flush()
}

// WriteCSV writes a matrix as text: a header of names, a column each, and a line for each row, its numbers in as many digits as tell them from every other float64. A
// column of words, of a name of its own, stands before the numbers; none if words is nil.
func WriteCSV(w io.Writer, name string, words, names []string, x mat.Matrix) error {
	n, d := x.Dims()
	out := csv.NewWriter(w)
	record := make([]string, 0, 1+d)
	if words != nil {
		record = append(record, name)
	}
	_ = out.Write(append(record, names...)) // Error tells of all failures
	for i := range n {
		record = record[:0]
		if words != nil {
			record = append(record, words[i])
		}
		for j := range d {
			record = append(record, strconv.FormatFloat(x.At(i, j), 'g', -1, 64))
		}
		_ = out.Write(record)
	}
	out.Flush()
	return out.Error()
}
