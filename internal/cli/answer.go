package cli

import "contrastcheck/internal/answer"

// solution is the output of solve: text for people beside the JSON form.
type solution struct{ answer.Solution }

// What other outputs are written with, too.
type (
	number      = answer.Number
	setting     = answer.Setting
	each[T any] = answer.Each[T]
	matrix      = answer.Matrix
	lossNames   = answer.LossNames
	directions  = answer.Directions
	certificate = answer.Certificate
	made        = answer.Made
)

// newMade says what wrote a result, and what the input calls its numbers.
func newMade(i input) made { return answer.NewMade(i.classes, i.features) }

// block is one of the blocks that a solution has of a table, or of more digits; nil if it has none.
func block[T any](of any) *T {
	x, _ := of.(*T)
	return x
}

// reading is the centred solution beside a raw one.
func (s solution) reading() *solution { return &solution{*s.Centred} }
