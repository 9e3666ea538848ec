// Package figures draws the figures of reports as SVG: one style, colours that the
// colour-blind tell apart (Okabe and Ito) and that print, axes with units, and for every
// figure a text alternative.
//
// It draws what it is given; it solves and judges nothing.
package figures
