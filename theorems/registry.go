package theorems

import (
	"fmt"
	"slices"
	"strings"

	"contrastcheck/losses"

	"github.com/agnivade/levenshtein"
)

// All returns the claims in the order of the theory, then those that every other loss has.
func All() []Claim {
	all := append(special(), everyLoss()...)
	for i, c := range all {
		all[i] = c.searched()
	}
	return all
}

func special() []Claim {
	return []Claim{
		infonceDefinition, clipDefinition, augmentation, invariance, convexity, projectionDescent, stationarity,
		containment, containmentLowRank,
		equality, equalityCentred, equalityBiased, equalityLine, equalityWeak, smallDelta, symmetricPair, orthogonalMean,
		containmentOwnCovariance, containmentEnvelope, containmentStable, containmentGroup, containmentGroupFinite, envelopeNecessary, ownRank,
		fisherOptimal, svdSpherical, svdShared,
		clipContainment, clipContainmentEveryPair,
		spectralEquality, clipSpectral, agreementEquality,
		negativesEquality, negativesEqualityCentred, negativesMonotone, negativesAntitone,
		sigmoidEquality, sigmoidEqualityCentred, dvEquality,
		distanceEquality, distanceEqualityBiased, distanceDebiased, distanceOwn, distanceEnvelope,
		affineContainment, affineConvexity, affineEqualityPair, affineEquality,
		networkAveraging, networkFreezing, networkSpectral, networkThreshold,
		signNetworkUnbiased, reluNetworkUnbiased, sharedEncoderGap,
		cosineContainment, cosineSlope, cosineSigmoidContainment,
		simsiamContainment, simsiamContainmentWide, simsiamStationarity, alignmentUniformity, hadsellContainment,
	}
}

// About returns the claims of a loss: those whose ids begin with its name; all of them for InfoNCE with infinitely many negatives, which the theory is about.
func About(l losses.Loss) []Claim {
	if l.Name() == losses.InfoNCE.Name() {
		return All()
	}
	return slices.DeleteFunc(All(), func(c Claim) bool { return subject(c.ID) != l.Name() })
}

// subject is the name of the loss that an id begins with, the longest of them; "" for none.
func subject(id string) (name string) {
	for _, l := range losses.All() {
		if n := l.Name(); strings.HasPrefix(id, n+"-") && len(n) > len(name) {
			name = n
		}
	}
	return name
}

// Find returns the claims of the given ids, in their order; all of them for no ids.
func Find(ids ...string) ([]Claim, error) {
	if len(ids) == 0 {
		return All(), nil
	}
	known := map[string]Claim{}
	var names []string
	for _, c := range All() {
		known[c.ID] = c
		names = append(names, c.ID)
	}
	var found []Claim
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return nil, twice(id)
		}
		c, ok := known[id]
		if !ok {
			return nil, unknown(id, names)
		}
		found = append(found, c)
	}
	return found, nil
}

func twice(id string) error {
	return fmt.Errorf("theorems: expected each claim once, found %q twice", id)
}

// unknown refuses an id that is none of those known, and asks whether the nearest of them was meant.
func unknown(id string, known []string) error {
	const typos = 3
	nearest, least := "", typos+1
	for _, name := range known {
		if n := levenshtein.ComputeDistance(name, id); n < least {
			nearest, least = name, n
		}
	}
	if nearest != "" {
		return fmt.Errorf("theorems: expected the id of a claim, as contrastcheck claims lists them, found %q; did you mean %s?", id, nearest)
	}
	return fmt.Errorf("theorems: expected one of the claims %s, found %q", strings.Join(known, ", "), id)
}
