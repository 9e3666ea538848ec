package frequency

import "contrastcheck/oracle/interval"

// number is a rectangle of complex numbers.
type number struct{ re, im interval.Interval }

func plus(c *interval.Context, x, y number) number {
	return number{c.Add(x.re, y.re), c.Add(x.im, y.im)}
}

func times(c *interval.Context, x, y number) number {
	return number{c.Sub(c.Mul(x.re, y.re), c.Mul(x.im, y.im)), c.Add(c.Mul(x.re, y.im), c.Mul(x.im, y.re))}
}

func scaled(c *interval.Context, t interval.Interval, x number) number {
	return number{c.Mul(t, x.re), c.Mul(t, x.im)}
}
