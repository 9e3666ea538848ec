package box

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"

	"contrastcheck/gmm"
)

// texts are compiled when they are asked for: a program that reads no sides is without regular expressions.
var texts struct {
	sync.Once
	interval, radius *regexp.Regexp
}

func compile() {
	texts.interval = regexp.MustCompile(`^\s*([^\s\[\],]+(?:\[[^\s\[\],]*\])*)\s+in\s*\[([^\[\],]*),([^\[\],]*)\]\s*(?:(,)|$)`)
	texts.radius = regexp.MustCompile(`^\s*([^\s\[\],]+(?:\[[^\s\[\],]*\])*)\s+within\s+([^\s\[\],]+)\s*(?:(,)|$)`)
}

// Parse reads sides of pairs as the command line takes them:
//
//	weight[1] in [1/500, 1/432], delta in [0.9, 1]
//	mean[2][1] within 1/100, all within 1/1000
//
// A number v within R is in [v − R|v|, v + R|v|], or [−R, R] if it is 0; δ only as far as it goes. All is every number: weights, of which the heaviest is left to take up the rest, means, covariance and delta, which
// are words, too. A number that was named before is left as it was.
//
// Errors are ErrText, with gmm.InputErrors of what is wrong with a path or a number.
func Parse(text string, p gmm.Pairs) ([]Side, error) {
	texts.Do(compile)
	var sides []Side
	for rest, more := text, true; more; {
		if parts := texts.interval.FindStringSubmatch(rest); parts != nil {
			s, err := parseSide(parts[1], parts[2], parts[3])
			if err != nil {
				return nil, err
			}
			sides = append(sides, s)
			rest, more = rest[len(parts[0]):], parts[4] != ""
			continue
		}
		parts := texts.radius.FindStringSubmatch(rest)
		if parts == nil {
			return nil, fmt.Errorf("%w: %w", ErrText, &gmm.InputError{Expected: "a text such as weight[1] in [1/500, 1/432], delta within 1/100", Found: strings.TrimSpace(rest), Reason: gmm.ErrSyntax})
		}
		found, err := parseRadius(parts[1], parts[2], p)
		if err != nil {
			return nil, err
		}
		sides = appendNew(sides, found, len(found) > 1)
		rest, more = rest[len(parts[0]):], parts[3] != ""
	}
	return sides, nil
}

// appendNew appends sides, leaving out those of numbers that are there, where they are of a word.
func appendNew(sides, found []Side, ofWord bool) []Side {
	before := Box{Sides: sides}
	for _, s := range found {
		if !ofWord || !before.varies(s.Path.Same) {
			sides = append(sides, s)
		}
	}
	return sides
}

func parseSide(path, low, high string) (s Side, err error) {
	if s.Path, err = gmm.ParsePath(path); err == nil {
		if s.Low, err = gmm.ParseNumber(strings.TrimSpace(low)); err == nil {
			s.High, err = gmm.ParseNumber(strings.TrimSpace(high))
		}
	}
	if err != nil {
		return s, fmt.Errorf("%w: %w", ErrText, err)
	}
	return s, nil
}

func parseRadius(name, text string, p gmm.Pairs) (sides []Side, err error) {
	radius, err := gmm.ParseNumber(text)
	if err == nil && radius.Sign() <= 0 {
		err = &gmm.InputError{Key: name, Expected: "a radius > 0", Found: text, Reason: gmm.ErrNumber}
	}
	paths := words(p, name)
	if err == nil && paths == nil {
		var path gmm.Path
		path, err = gmm.ParsePath(name)
		paths = []gmm.Path{path}
	}
	for _, path := range paths {
		if err != nil {
			break
		}
		var value *big.Rat
		if value, err = path.In(p); err == nil {
			sides = append(sides, within(path, value, radius))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrText, err)
	}
	return sides, nil
}

// within is the side of a number with a relative radius.
func within(path gmm.Path, value, radius *big.Rat) Side {
	reach := new(big.Rat).Abs(value)
	if reach.Sign() == 0 {
		reach.SetInt64(1)
	}
	reach.Mul(reach, radius)
	s := Side{Path: path, Low: new(big.Rat).Sub(value, reach), High: new(big.Rat).Add(value, reach)}
	if path.IsDelta() {
		if s.Low.Sign() < 0 {
			s.Low.SetInt64(0)
		}
		if one := big.NewRat(1, 1); s.High.Cmp(one) > 0 {
			s.High = one
		}
	}
	return s
}

// words are the paths that a word stands for; none if it is no word. Those of δ alone are left to its path.
func words(p gmm.Pairs, word string) (paths []gmm.Path) {
	if p.WantSingle() != nil || !p.Shared() {
		return nil
	}
	add := func(format string, indices ...any) {
		path, _ := gmm.ParsePath(fmt.Sprintf(format, indices...))
		paths = append(paths, path)
	}
	k, d := p.Components(), p.Left.Dimension()
	if word == "weights" || word == "all" {
		weights, heaviest := p.Left.Exact().Weights, 0
		for i, w := range weights {
			if w.Cmp(weights[heaviest]) > 0 {
				heaviest = i
			}
		}
		for i := range k {
			if i != heaviest {
				add("weight[%d]", i+1)
			}
		}
	}
	if word == "means" || word == "all" {
		for i := range k {
			for j := range d {
				add("mean[%d][%d]", i+1, j+1)
			}
		}
	}
	if word == "covariance" || word == "all" {
		for i := range d {
			for j := i; j < d; j++ {
				add("covariance[%d][%d]", i+1, j+1)
			}
		}
	}
	if word == "all" {
		add("delta")
	}
	return paths
}
