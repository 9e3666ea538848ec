package gmm

import (
	"fmt"
	"math/big"
)

// Net is an encoder with one hidden layer of h neurons and r outputs, f(x) = Vᵀσ(Wx + B) + C, σ being what its reader makes it.
type Net struct {
	W [][]float64 `json:"w"` // h×d
	B []float64   `json:"b"` // h
	V [][]float64 `json:"v"` // h×r: how each neuron enters the outputs
	C []float64   `json:"c"` // r
}

// nets reads the key net or, of two towers, net_visual and net_text: d.Net and d.NetRight.
func (o *object) nets(d *Document) (err error) {
	if d.Net, err = o.net("net", d.Pairs.Left); err != nil || d.Net != nil && o.values["net_visual"] == nil && o.values["net_text"] == nil {
		return err
	}
	left, err := o.net("net_visual", d.Pairs.Left)
	if err != nil {
		return err
	}
	right, err := o.net("net_text", d.Pairs.Right)
	switch {
	case err != nil:
		return err
	case left == nil && right == nil:
		return nil
	case d.Net != nil:
		return &InputError{Key: "net", Expected: "one net, or net_visual and net_text", Found: "both", Reason: ErrShape}
	case left == nil:
		return &InputError{Key: "net_visual", Expected: "a net beside net_text", Found: "nothing", Reason: ErrShape}
	case right == nil:
		return &InputError{Key: "net_text", Expected: "a net beside net_visual", Found: "nothing", Reason: ErrShape}
	case len(left.C) != len(right.C):
		return &InputError{Key: "net_text.v", Expected: fmt.Sprintf("%d outputs, as of net_visual", len(left.C)), Found: fmt.Sprint(len(right.C)), Reason: ErrShape}
	}
	d.Net, d.NetRight = left, right
	return nil
}

// net reads a net on the coordinates of m; nil if the key is absent.
func (o *object) net(key string, m *Mixture) (*Net, error) {
	value, ok := o.values[key]
	if !ok {
		return nil, nil
	}
	part, ok := value.(*object)
	if !ok {
		return nil, o.expected(key, `an object with the keys "w" and "v", and "b" and "c" where there are biases`)
	}
	if err := part.only(key, "w", "b", "v", "c"); err != nil {
		return nil, err
	}
	n, err := part.layers(m.Dimension())
	return n, relabelled(err, "", key+".")
}

// layers reads the weights and biases of a net of d inputs.
func (o *object) layers(d int) (*Net, error) {
	w, err := o.table("w", d)
	if err != nil {
		return nil, err
	}
	v, err := o.table("v", 0)
	if err != nil {
		return nil, err
	}
	if len(v) != len(w) {
		return nil, &InputError{Key: "v", Expected: fmt.Sprintf("%d rows, one a neuron", len(w)), Found: fmt.Sprint(len(v)), Reason: ErrShape}
	}
	n := &Net{W: w, V: v}
	if n.B, err = o.biases("b", len(w)); err != nil {
		return nil, err
	}
	n.C, err = o.biases("c", len(v[0]))
	return n, err
}

// table reads rows of so many numbers, of as many as the first one has if columns is 0.
func (o *object) table(key string, columns int) ([][]float64, error) {
	rows, err := o.rows(key)
	if err != nil {
		return nil, err
	}
	if columns == 0 {
		columns = max(len(rows[0]), 1)
	}
	out := make([][]float64, len(rows))
	for i, row := range rows {
		if len(row) != columns {
			return nil, &InputError{Key: fmt.Sprintf("%s[%d]", key, i), Expected: fmt.Sprintf("%d numbers", columns), Found: fmt.Sprint(len(row)), Reason: ErrShape}
		}
		out[i] = floats(row)
	}
	return out, nil
}

// biases reads n numbers, zeros where the key is absent.
func (o *object) biases(key string, n int) ([]float64, error) {
	if _, ok := o.values[key]; !ok {
		return make([]float64, n), nil
	}
	row, err := o.numbers(key)
	if err == nil && len(row) != n {
		err = &InputError{Key: key, Expected: fmt.Sprintf("%d numbers", n), Found: fmt.Sprint(len(row)), Reason: ErrShape}
	}
	return floats(row), err
}

func floats(row []*big.Rat) []float64 {
	out := make([]float64, len(row))
	for i, x := range row {
		out[i], _ = x.Float64()
	}
	return out
}
