package network

import (
	"math/big"
	"strings"
)

// Net writes the net that reads noise, in whitened coordinates x₁ along S_F and x₂ across.
func (r Refutation) Net() string {
	switch s := r.Sign; {
	case s != nil && s.Width() == 1:
		return "√" + factor(s.Scale) + "sign(" + terms([]*big.Rat{big.NewRat(1, 1), s.Noise}, "x₁", "x₂") + ")"
	case s != nil:
		first := "sign(" + terms([]*big.Rat{big.NewRat(1, 1), s.Noise}, "x₁", "x₂") + ")"
		second := "sign(" + terms([]*big.Rat{s.Noise, big.NewRat(-1, 1)}, "x₁", "x₂") + ")"
		return "√" + factor(s.Scale) + "[" + terms([]*big.Rat{big.NewRat(1, 1), s.Second}, first, second) + "]"
	case r.ReLU != nil && r.ReLU.Up.Cmp(r.ReLU.Down) == 0:
		return terms(r.ReLU.weights()[:3], "x₁₊", "x₁₋", "|x₂|")
	case r.ReLU != nil:
		return terms(r.ReLU.weights(), "x₁₊", "x₁₋", "x₂₊", "x₂₋")
	}
	return "no net"
}

// terms writes Σ w_i t_i, without those whose weight is 0.
func terms(weights []*big.Rat, of ...string) string {
	var b strings.Builder
	for i, w := range weights {
		if w.Sign() == 0 {
			continue
		}
		switch {
		case b.Len() == 0 && w.Sign() < 0:
			b.WriteString("−")
		case b.Len() > 0 && w.Sign() < 0:
			b.WriteString(" − ")
		case b.Len() > 0:
			b.WriteString(" + ")
		}
		size := new(big.Rat).Abs(w)
		if size.Cmp(big.NewRat(1, 1)) != 0 {
			b.WriteString(factor(size))
		}
		b.WriteString(of[i])
	}
	if b.Len() == 0 {
		return "0"
	}
	return b.String()
}

// factor writes a positive number before what it multiplies.
func factor(x *big.Rat) string {
	if x.IsInt() {
		return x.RatString() + " "
	}
	return "(" + x.RatString() + ")"
}
