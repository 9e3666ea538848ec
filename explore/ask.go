package explore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/words"
)

// Kinds of questions. Bodies and answers are JSON.
const (
	// Answer is what solve --format json says of a mixture file, which may have one more key, "options".
	Answer = "answer"
	// Losses is what losses --format json says of it.
	Losses = "losses"
	// Map is where on a grid of mixtures equality holds: {"mixture", "options", "x": {"parameter", "from", "to", "steps"}, "y": …}. Pieces are rows, the answer is {"done": true}.
	Map = "map"
	// Hunt looks for a counterexample near a mixture, Simplify for simpler numbers with the same verdicts. Pieces say how far they are.
	Hunt     = "hunt"
	Simplify = "simplify"
	// Prove and Recheck are the commands of these names; the body of Recheck is a certificate.
	Prove   = "prove"
	Recheck = "recheck"
	// LaTeX is a mixture typeset.
	LaTeX = "latex"
	// Gallery lists the stored counterexamples. Its body is not looked at.
	Gallery = "gallery"
)

// question answers one kind.
type question func(ctx context.Context, body []byte, part func(any)) (any, error)

var questions = map[string]question{
	Answer: solve, Losses: everyLoss, Map: chart, Hunt: hunt, Simplify: simplify, Prove: prove, Recheck: recheck, LaTeX: latex, Gallery: gallery,
}

// Kinds are those that Ask knows, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(questions)) }

// Ask answers a question of a kind with one line of JSON. Where that takes long, part, which may be nil, is given what is known until then, a line of JSON each, from the goroutine
// that called Ask. When ctx ends, so does Ask, with its error, as soon as the step under way is done.
//
// Bad questions are refused with a Refusal: one sentence, which is the command line's where that would refuse the same.
func Ask(ctx context.Context, kind string, body []byte, part func(json []byte)) ([]byte, error) {
	ask, known := questions[kind]
	if !known {
		return nil, refusef("expected a question of one of the kinds %s, found %q", strings.Join(Kinds(), ", "), kind)
	}
	found, err := ask(ctx, body, func(piece any) {
		if part == nil {
			return
		}
		if line, err := encoded(piece); err == nil { // a piece is left out rather than the answer
			part(line)
		}
	})
	if err != nil {
		if ended := ctx.Err(); ended != nil {
			return nil, ended
		}
		return nil, refused(err)
	}
	return encoded(found)
}

// encoded is JSON as the command line writes it.
func encoded(x any) ([]byte, error) {
	var line bytes.Buffer
	if err := json.NewEncoder(&line).Encode(x); err != nil {
		return nil, fmt.Errorf("explore: writing an answer: %w", err)
	}
	return line.Bytes(), nil
}

// Refusal says why a question has no answer, in one sentence.
type Refusal struct{ sentence string }

// Error is the sentence.
func (r *Refusal) Error() string { return r.sentence }

func refusef(format string, values ...any) error { return &Refusal{fmt.Sprintf(format, values...)} }

// refused is an error in the user's words.
func refused(err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	return &Refusal{words.Sentence(err)}
}

// Most that is taken of a mixture: within this, an answer by the InfoNCE loss takes a second at most.
const mostComponents, mostDimension = 32, 32

// limit multiplies the work that one answer may take, as the command line's --limit does: by what that takes when nothing is said, so that answers are the same.
const limit = 1

func tooMany(key, what string, most, found int) error {
	return &gmm.InputError{Key: key, Expected: fmt.Sprintf("at most %d %s on this page, as contrastcheck solve takes more", most, what), Found: fmt.Sprint(found), Reason: gmm.ErrCost}
}

// Long are the kinds whose answers may take long, and have pieces or are worth waiting for.
func Long() []string { return []string{Losses, Map, Hunt, Simplify, Prove, Recheck} }
