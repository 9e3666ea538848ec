package oracle

import "fmt"

// Rounding says that directions are as short as rounding the numbers makes them, and what that may mean; "" where none is.
func (f Findings) Rounding() string {
	if f.Rounded == 0 {
		return ""
	}
	advice := "leave out what makes them depend on each other"
	if f.Uncentred {
		advice = "if they were centred in floating point, --centre centres them exactly"
	}
	are := "is one direction, along which the means are"
	if f.Rounded > 1 {
		are = fmt.Sprintf("are %d directions, along which the means are", f.Rounded)
	}
	return fmt.Sprintf("Among them %s no longer than rounding makes them, %.2g standard deviations: the verdict is about the numbers as they are given; %s.", are, f.RoundedLength, advice)
}

// WhyCentred says why a mixture that has this effect as it is has another one with its mean subtracted.
func (e Effect) WhyCentred() string {
	const why = "The readings differ because inner products depend on where the origin is. "
	switch {
	case e.Dimension > e.Differences:
		return why + "Raw, S_F has the direction of the mean beside those in which the classes differ: A* must weigh it against them, and may lose it, or bend towards it. Centring takes it out."
	case e.Differences == 1:
		return why + "The mean lies among the 1 direction in which the classes differ: it changes how A* weighs them, and which it may lose."
	}
	return why + fmt.Sprintf("The mean lies among the %d directions in which the classes differ: it changes how A* weighs them, and which it may lose.", e.Differences)
}
