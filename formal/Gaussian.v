(* What is asked of the expectation of a standard normal point of the plane. *)
From Coq Require Import Reals.
From Coquelicot Require Import Coquelicot.
From Contrast Require Import Plane.
Open Scope R_scope.

(* The density of N(0, 1) is bell t / bell_mass. *)
Definition bell (t : R) := exp (- t ^ 2 / 2).
Definition bell_mass : R := RInt_gen bell (Rbar_locally m_infty) (Rbar_locally p_infty).

(* A normalised positive linear functional G, "G g = E g(z), z ~ N(0, I)". Of the law of z it is asked that E exp(a.z) = exp(|a|^2/2) for all a, the first two
   moments, and, of one unit vector e, that e.z ~ N(0, 1) and that the other coordinate, of mean 0, is independent of e.z. *)
Record gaussian (e : point) := {
  mean :> (point -> R) -> R;
  mean_one : mean (fun _ => 1) = 1;
  mean_linear : forall a b f g, moderate f -> moderate g ->
    mean (fun z => a * f z + b * g z) = a * mean f + b * mean g;
  mean_monotone : forall f g, moderate f -> moderate g ->
    (forall z, f z <= g z) -> mean f <= mean g;
  mean_first : forall a, mean (fun z => dot a z) = 0;
  mean_second : forall a b, mean (fun z => dot a z * dot b z) = dot a b;
  mean_exp : forall a, mean (fun z => exp (dot a z)) = exp (dot a a / 2);
  mean_along : forall h, moderate (fun z => h (dot e z)) ->
    is_RInt_gen (fun t => h t * bell t) (Rbar_locally m_infty) (Rbar_locally p_infty)
      (bell_mass * mean (fun z => h (dot e z)));
  mean_across : forall h, moderate (fun z => h (dot e z)) ->
    mean (fun z => dot (turn e) z * h (dot e z)) = 0
}.
