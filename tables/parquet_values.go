package tables

import (
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// numberOf is how values of a type are numbers; nil for dates, decimals and what else means something other than its bits.
func numberOf(of parquet.Type) func(parquet.Value) float64 {
	const mostWhole = 1 << 53
	whole := func(x int64) float64 {
		if x < -mostWhole || x > mostWhole {
			return math.NaN()
		}
		return float64(x)
	}
	unsigned, halves, known := meaning(of)
	if !known {
		return nil
	}
	switch of.Kind() {
	case parquet.Boolean:
		return func(v parquet.Value) float64 {
			if v.Boolean() {
				return 1
			}
			return 0
		}
	case parquet.Int32:
		if unsigned {
			return func(v parquet.Value) float64 { return float64(v.Uint32()) }
		}
		return func(v parquet.Value) float64 { return float64(v.Int32()) }
	case parquet.Int64:
		if unsigned {
			return func(v parquet.Value) float64 { return whole(int64(min(v.Uint64(), mostWhole+1))) }
		}
		return func(v parquet.Value) float64 { return whole(v.Int64()) }
	case parquet.Float:
		return func(v parquet.Value) float64 { return float64(v.Float()) }
	case parquet.Double:
		return parquet.Value.Double
	case parquet.FixedLenByteArray:
		if halves {
			return func(v parquet.Value) float64 {
				bits := v.ByteArray()
				return half(uint16(bits[0]) | uint16(bits[1])<<8)
			}
		}
	}
	return nil
}

// meaning says what the annotations of a type make of its bits, if it is known.
func meaning(of parquet.Type) (unsigned, halves, known bool) {
	if logical := of.LogicalType(); logical != nil {
		switch means := logical.Value.(type) {
		case nil:
			return false, false, true
		case *format.IntType:
			return !means.IsSigned, false, true
		case *format.Float16Type:
			return false, true, true
		}
		return false, false, false
	}
	converted := of.ConvertedType()
	if converted == nil {
		return false, false, true
	}
	return *converted <= deprecated.Uint64, false, deprecated.Uint8 <= *converted && *converted <= deprecated.Int64
}
