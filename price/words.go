package price

import (
	"fmt"
	"math"

	"contrastcheck/solver/kernel"
)

// Percent is the share in percent, with up to so many decimals as its error lets be known; "?" where it is not known.
func (m Map) Percent(decimals int) string {
	if math.IsNaN(m.Share) {
		return "?"
	}
	for ; decimals > 0 && 100*m.ShareError > math.Pow(10, -float64(decimals)); decimals-- {
	}
	return fmt.Sprintf("%.*f %%", decimals, 100*m.Share)
}

// Words say what is lost, in a few sentences; "" where there is nothing to keep.
func (x Price) Words() string {
	if !(x.Information.Value > 0) {
		return ""
	}
	best := map[string]Map{} // of each kind
	for _, m := range x.Maps {
		if other, ok := best[m.Map]; !ok || !(m.Share <= other.Share) {
			best[m.Map] = m
		}
	}
	linear, affine, shared := best[Linear], best[Affine], best[Shared]
	if math.IsNaN(linear.Share + affine.Share) {
		return fmt.Sprintf("A pair has %.1g nats of information, too little for shares of it to be known.", x.Information.Value)
	}
	words := fmt.Sprintf("A pair has %.4g nats of information; a linear map keeps %s of it, and a bias adds ", x.Information.Value, linear.Percent(1))
	const seen = 0.05 // points
	if gain := 100 * (affine.Share - linear.Share); gain < seen {
		words += "nothing."
	} else {
		words += fmt.Sprintf("%.1f points.", gain)
	}
	if shared.Share > 0 && best[Network].Share > 0 {
		words += fmt.Sprintf(" Nets of one or two smooth neurons were found that keep %s; no encoder that both views share keeps more than %s, to the accuracy of the grid, so linearity costs %.1f points.",
			best[Network].Percent(1), shared.Percent(1), 100*(shared.Share-max(linear.Share, affine.Share)))
	}
	return words
}

// Name is what people call the map.
func (m Map) Name() string {
	switch m.Map {
	case Network:
		if m.Width == 1 {
			return "1 erf neuron"
		}
		return fmt.Sprintf("%d erf neurons", m.Width)
	case Shared:
		return "best shared encoder"
	case Towers:
		return "best two encoders"
	}
	return m.Map
}

func leftOut(s int) string {
	if s > kernel.MostDimensions {
		return fmt.Sprintf("Nets and the best shared encoder are computed where the differences of means span up to %d directions; here they span %d.", kernel.MostDimensions, s)
	}
	return "Nets and the best shared encoder are left out: the means are so many standard deviations apart that a grid of them has too many nodes. A higher limit allows more."
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
