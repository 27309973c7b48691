fn main(){ print!("{}", std::fs::read_to_string("data/q.txt").unwrap()); }
