package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"contrastcheck/frontier"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

// refinement is the request of a refinement: brackets of a map.
type refinement struct {
	Grid     grid      `json:"grid"`
	Width    rational  `json:"width"`
	Brackets []bracket `json:"brackets"`
}

// NewRefinement is the request of frontier.Refine, of a map that has Brackets.
func NewRefinement(m Mapping, brackets []frontier.Bracket, to frontier.Narrow, o frontier.Options) Request {
	return newRequest(KindRefine, refinementOf(m, brackets, to, o))
}

func refinementOf(m Mapping, brackets []frontier.Bracket, to frontier.Narrow, o frontier.Options) refinement {
	return refinement{gridOf(m, o), rational{to.Width()}, each(brackets, newBracket)}
}

// Refine is frontier.Refine with a Runner, which has the workers: of the map of a Mapping.
func Refine(ctx context.Context, run Runner, m Mapping, f frontier.Map, to frontier.Narrow, o frontier.Options) ([]frontier.Bracket, error) {
	all, err := f.Brackets()
	if err != nil {
		return nil, err
	}
	asked := refinementOf(m, all, to, o)
	r := refining{f.Grid, to, all, o, digest(asked)}
	var narrow []frontier.Bracket
	err = run(ctx, newRequest(KindRefine, asked), func(n int, text []byte) error {
		b, err := r.read(n, text)
		if err != nil {
			return err
		}
		narrow = append(narrow, b)
		if o.Progress != nil {
			o.Progress()
		}
		return nil
	})
	return narrow, err
}

// refining is a refinement made ready: a bracket a shard.
type refining struct {
	grid    frontier.Grid
	to      frontier.Narrow
	all     []frontier.Bracket
	options frontier.Options
	of      string // the request
}

func openRefine(parameters json.RawMessage) (Job, error) {
	var asked refinement
	if err := decode(parameters, &asked); err != nil {
		return nil, err
	}
	m, err := asked.Grid.mapping()
	if err != nil {
		return nil, err
	}
	if asked.Width.Rat == nil || len(asked.Brackets) == 0 {
		return nil, errors.New("expected a width and brackets, found none")
	}
	r := refining{grid: m.Grid, options: asked.Grid.options(), of: digest(asked)}
	if r.to, err = frontier.NewNarrow(asked.Width.Rat); err != nil {
		return nil, err
	}
	for _, b := range asked.Brackets {
		wide, err := b.frontier(len(m.Grid.Axes))
		if err != nil {
			return nil, err
		}
		r.all = append(r.all, wide)
	}
	return r, nil
}

// Shards is the number of brackets.
func (r refining) Shards() int { return len(r.all) }

// Run narrows a bracket.
func (r refining) Run(ctx context.Context, n int) ([]byte, error) {
	b, err := r.grid.Narrowed(ctx, r.all[n], r.to, r.options)
	if b == nil {
		return nil, err
	}
	return encode(narrowed{r.of, newBracket(*b)}), err
}

// Check has all proofs checked; where there is none of what is refuted, the bracket is narrowed anew.
func (r refining) Check(ctx context.Context, n int, text []byte) error {
	said, err := r.read(n, text)
	if err != nil {
		return err
	}
	refuted := false
	for _, e := range []frontier.End{said.Low, said.High} {
		wrong, err := awaited(ctx, func() error { return r.proves(e) })
		if err != nil {
			return err
		}
		if wrong != nil {
			return &False{n, "a proof", wrong.Error()}
		}
		refuted = refuted || e.Verdict == oracle.Refuted && e.Certificate != nil
	}
	if wide := r.all[n]; refuted && said.Low.Verdict == wide.Low.Verdict && said.High.Verdict == wide.High.Verdict {
		return nil
	}
	known, err := r.Run(ctx, n)
	if err != nil {
		return err
	}
	if !bytes.Equal(known, text) {
		return &False{n, fmt.Sprintf("%.200s", known), fmt.Sprintf("%.200s", text)}
	}
	return nil
}

// proves checks the certificate of an end, of the mixture there; where there is none, nothing is said to be proved.
func (r refining) proves(e frontier.End) error {
	if e.Certificate == nil {
		if e.Bound != "" {
			return fmt.Errorf("expected one of the bound %q, found none", e.Bound)
		}
		return nil
	}
	at, err := r.grid.At(e.At)
	if err != nil {
		return err
	}
	if said, known := e.Certificate.Pairs.GoString(), at.GoString(); said != known {
		return fmt.Errorf("expected one of %s, found one of %s", known, said)
	}
	theorem, err := proofs.Check(*e.Certificate, proof.Limit(r.options.Limit))
	switch {
	case err != nil:
		return err
	case theorem.Verdict != e.Verdict || theorem.Bound() != e.Bound:
		return fmt.Errorf("expected %v with the bound %q, found %v with %q", theorem.Verdict, theorem.Bound(), e.Verdict, e.Bound)
	}
	return nil
}

// narrowed is a bracket that was narrowed.
type narrowed struct {
	Of string `json:"of"`
	bracket
}

// bracket is a frontier.Bracket.
type bracket struct {
	Low    end    `json:"low"`
	High   end    `json:"high"`
	Reason string `json:"reason,omitempty"`
}

// end is a frontier.End.
type end struct {
	At          []rational      `json:"at"`
	Point       point           `json:"point"`
	Bound       string          `json:"bound,omitempty"`
	Certificate json.RawMessage `json:"certificate,omitempty"`
}

func newBracket(b frontier.Bracket) bracket { return bracket{newEnd(b.Low), newEnd(b.High), b.Reason} }

func newEnd(e frontier.End) end {
	return end{row(e.At), newPoint(e.Point), e.Bound, newCertificate(e.Certificate)}
}

// frontier is the bracket on a grid of so many axes.
func (b bracket) frontier(axes int) (out frontier.Bracket, err error) {
	if out.Low, err = b.Low.frontier(axes); err != nil {
		return out, err
	}
	out.High, err = b.High.frontier(axes)
	out.Row, out.Reason = out.Low.At[:axes-1], oneLine(b.Reason)
	return out, err
}

func (e end) frontier(axes int) (out frontier.End, err error) {
	if len(e.At) != axes {
		return out, fmt.Errorf("expected %d values, found %d", axes, len(e.At))
	}
	if out.Point, err = e.Point.frontier(); err != nil {
		return out, err
	}
	out.At, out.Bound = numbers(e.At), e.Bound
	out.Certificate, err = certificate(e.Certificate)
	return out, err
}

// read is what is said of a shard, an ErrFalse where it does not lie within its bracket.
func (r refining) read(n int, text []byte) (frontier.Bracket, error) {
	said, err := read[narrowed](n, text)
	if err != nil {
		return frontier.Bracket{}, err
	}
	if said.Of != r.of {
		return frontier.Bracket{}, &False{n, "a bracket of " + r.of, fmt.Sprintf("one of %.40q", said.Of)}
	}
	wide := r.all[n]
	b, err := said.frontier(len(r.grid.Axes))
	if err != nil {
		return b, &False{n, "a bracket", err.Error()}
	}
	if last := len(wide.Low.At) - 1; !sameRow(b.Low.At[:last], wide.Row) || !sameRow(b.High.At[:last], wide.Row) ||
		b.Low.At[last].Cmp(wide.Low.At[last]) < 0 || b.Low.At[last].Cmp(b.High.At[last]) >= 0 || b.High.At[last].Cmp(wide.High.At[last]) > 0 {
		return b, &False{n, fmt.Sprintf("a bracket within %v and %v", wide.Low, wide.High), fmt.Sprintf("%v and %v", b.Low, b.High)}
	}
	for i, found := range []oracle.Verdict{b.Low.Verdict, b.High.Verdict} { // one end is refuted at most, which is what Check proves
		if expected := []oracle.Verdict{wide.Low.Verdict, wide.High.Verdict}[i]; found != expected && found != oracle.Undecided {
			return b, &False{n, fmt.Sprintf("ends of which one holds and one is refuted, as those of %v and %v", wide.Low, wide.High), fmt.Sprintf("%v for %v", found, expected)}
		}
	}
	return b, nil
}

// sameRow tells whether two rows have the same numbers.
func sameRow(a, b []*big.Rat) bool {
	return slices.EqualFunc(a, b, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
}
